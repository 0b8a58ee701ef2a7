namespace AgentOperator.Gateway.Models;

/// <summary>The form in which a request is sent to a provider.</summary>
/// <param name="Body">The body.</param>
/// <param name="StepKey">
/// The idempotency key. Each form has its own: a request that is refused for its form is not paid, and its key must not bring its refusal again.
/// </param>
/// <param name="OutputLimit">The name of the field that limits the output tokens; null if there is none, or its name has been changed before.</param>
internal sealed record ProviderForm(ReadOnlyMemory<byte> Body, string StepKey, string? OutputLimit)
{
    /// <summary>With fewer fields.</summary>
    public ProviderForm With(ReadOnlyMemory<byte> body) => this with { Body = body, StepKey = StepKey + "-reduced" };

    /// <summary>With the other name of the output limit. It is changed once.</summary>
    public ProviderForm WithLimitRenamed(string name) =>
        new(RequestBody.With(Body, RequestBody.NoFields, name), StepKey + "-renamed", OutputLimit: null);
}
