using System.ClientModel.Primitives;
using System.Globalization;
using AgentOperator.Protocol;

namespace AgentRunner.Models;

/// <summary>Sends and reads the protocol's headers of the model call that is under way.</summary>
internal sealed class ModelCallPolicy : PipelinePolicy
{
    private ModelCall? _current;

    /// <summary>Starts a call. Dispose the result when the call has ended.</summary>
    /// <exception cref="InvalidOperationException">Another call is under way: the two would mix up their headers.</exception>
    public IDisposable Begin(ModelCall call) => Interlocked.CompareExchange(ref _current, call, null) is null
        ? new End(this)
        : throw new InvalidOperationException("A model call started while another one was under way.");

    /// <inheritdoc/>
    public override void Process(PipelineMessage message, IReadOnlyList<PipelinePolicy> pipeline, int currentIndex)
    {
        var call = WriteHeaders(message);
        try
        {
            ProcessNext(message, pipeline, currentIndex);
            call.Reply = message.Response?.Content;
        }
        finally
        {
            ReadHeaders(message, call);
        }
    }

    /// <inheritdoc/>
    public override async ValueTask ProcessAsync(PipelineMessage message, IReadOnlyList<PipelinePolicy> pipeline, int currentIndex)
    {
        var call = WriteHeaders(message);
        try
        {
            await ProcessNextAsync(message, pipeline, currentIndex);
            call.Reply = message.Response?.Content;
        }
        finally
        {
            // Also when the body broke off: the headers say that the answer is committed.
            ReadHeaders(message, call);
        }
    }

    private static string? Header(PipelineResponse response, string name) => response.Headers.TryGetValue(name, out var value) ? value : null;

    private static void ReadHeaders(PipelineMessage message, ModelCall call)
    {
        if (message.Response is { Status: >= 200 and < 300 } response)
        {
            call.Sequence = long.TryParse(Header(response, Routes.SequenceHeader), NumberStyles.None, CultureInfo.InvariantCulture, out var sequence)
                ? sequence
                : null;
            call.Replayed = Header(response, Routes.ReplayedHeader) == "true";
        }
    }

    private ModelCall WriteHeaders(PipelineMessage message)
    {
        var call = _current ?? throw new InvalidOperationException("A model request was sent outside a model call.");
        message.Request.Headers.Set(Routes.IdempotencyKeyHeader, call.StepKey);
        message.Request.Headers.Set(Routes.ExpectedSequenceHeader, call.ExpectedSequence.ToString(CultureInfo.InvariantCulture));
        if (call.IsRepeated)
        {
            message.Request.Headers.Set(Routes.RepeatedHeader, "true");
        }

        return call;
    }

    private sealed class End(ModelCallPolicy policy) : IDisposable
    {
        public void Dispose() => policy._current = null;
    }
}
