using System.Globalization;
using AgentOperator.Protocol;

namespace AgentRunner.Models;

/// <summary>Carries the protocol's headers across the chat client, which has no place for them.</summary>
internal sealed class ModelCallHandler(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    private readonly AsyncLocal<ModelCall?> current = new();

    /// <summary>The call that requests of this flow of control belong to.</summary>
    public ModelCall? Current
    {
        get => current.Value;
        set => current.Value = value;
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var call = Current ?? throw new InvalidOperationException("A model request was sent outside a model call.");
        request.Headers.Add(Routes.IdempotencyKeyHeader, call.StepKey);
        request.Headers.Add(Routes.ExpectedSequenceHeader, call.ExpectedSequence.ToString(CultureInfo.InvariantCulture));
        var response = await base.SendAsync(request, cancellationToken);
        if (response.IsSuccessStatusCode)
        {
            call.Sequence = Header(response, Routes.SequenceHeader) is { } text
                && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var sequence) ? sequence : null;
            call.Replayed = Header(response, Routes.ReplayedHeader) == "true";
        }

        return response;
    }

    private static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? values.FirstOrDefault() : null;
}
