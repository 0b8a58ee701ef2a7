using System.ClientModel.Primitives;
using System.Globalization;
using AgentOperator.Protocol;

namespace AgentRunner.Models;

/// <summary>Sends and reads the protocol's headers of one model call.</summary>
internal sealed class ModelCallPolicy(ModelCall call) : PipelinePolicy
{
    /// <inheritdoc/>
    public override void Process(PipelineMessage message, IReadOnlyList<PipelinePolicy> pipeline, int currentIndex)
    {
        WriteHeaders(message);
        try
        {
            ProcessNext(message, pipeline, currentIndex);
        }
        finally
        {
            ReadHeaders(message);
        }
    }

    /// <inheritdoc/>
    public override async ValueTask ProcessAsync(PipelineMessage message, IReadOnlyList<PipelinePolicy> pipeline, int currentIndex)
    {
        WriteHeaders(message);
        try
        {
            await ProcessNextAsync(message, pipeline, currentIndex);
        }
        finally
        {
            // Also when the body broke off: the headers say that the answer is committed.
            ReadHeaders(message);
        }
    }

    private static string? Header(PipelineResponse response, string name) => response.Headers.TryGetValue(name, out var value) ? value : null;

    private void WriteHeaders(PipelineMessage message)
    {
        message.Request.Headers.Set(Routes.IdempotencyKeyHeader, call.StepKey);
        message.Request.Headers.Set(Routes.ExpectedSequenceHeader, call.ExpectedSequence.ToString(CultureInfo.InvariantCulture));
    }

    private void ReadHeaders(PipelineMessage message)
    {
        if (message.Response is { Status: >= 200 and < 300 } response)
        {
            call.Sequence = long.TryParse(Header(response, Routes.SequenceHeader), NumberStyles.None, CultureInfo.InvariantCulture, out var sequence)
                ? sequence
                : null;
            call.Replayed = Header(response, Routes.ReplayedHeader) == "true";
        }
    }
}
