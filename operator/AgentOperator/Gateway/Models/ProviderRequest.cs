using System.Text.Json;
using AgentOperator.Api;
using AgentOperator.Protocol;

namespace AgentOperator.Gateway.Models;

/// <summary>What is sent to a provider.</summary>
/// <param name="Endpoint">Where to.</param>
/// <param name="Request">What the gateway knows of the body.</param>
/// <param name="Body">The runner's body.</param>
internal sealed record ProviderRequest(ModelEndpoint Endpoint, ModelRequest Request, ReadOnlyMemory<byte> Body)
{
    private const int BytesPerToken = 4;
    private const int AssumedOutputTokens = 1024;

    /// <summary>Called when the provider was sent the request and brought nothing to commit, with what that cost or may have cost.</summary>
    public Action<TokenUsage> OnUnused { get; init; } = _ => { };

    /// <summary>
    /// Called before the request is sent again in another form. Gives what the call comes to if it must not be sent any more; null if it may.
    /// </summary>
    public Func<CancellationToken, Task<ProviderOutcome?>> LookAgain { get; init; } = _ => Task.FromResult<ProviderOutcome?>(null);

    /// <summary>The run's own parameters.</summary>
    public IReadOnlyDictionary<string, JsonElement>? RunParameters { get; init; }

    /// <summary>The fields to set in the body: the endpoint's, and the run's in place of those.</summary>
    public IReadOnlyDictionary<string, JsonElement> Parameters =>
        new Dictionary<string, JsonElement>([
            .. Endpoint.Spec.Parameters?.Where(own => RunParameters?.ContainsKey(own.Key) != true) ?? [],
            .. RunParameters ?? RequestBody.NoFields,
        ]);

    /// <summary>About how many tokens the call will use.</summary>
    public TokenUsage EstimatedUsage => new(Body.Length / BytesPerToken, Request.MaxOutputTokens ?? AssumedOutputTokens, 0);

    /// <summary>Their sum, for the limit of tokens per minute.</summary>
    public int EstimatedTokens => (int)Math.Min(int.MaxValue / 2, EstimatedUsage.Total);
}
