using System.Text.Json;
using AgentOperator.Api;

namespace AgentOperator.Gateway.Models;

/// <summary>What is sent to a provider.</summary>
/// <param name="Endpoint">Where to.</param>
/// <param name="Request">What the gateway knows of the body.</param>
/// <param name="Body">The runner's body.</param>
internal sealed record ProviderRequest(ModelEndpoint Endpoint, ModelRequest Request, ReadOnlyMemory<byte> Body)
{
    private const int BytesPerToken = 4;
    private const int AssumedOutputTokens = 1024;

    /// <summary>The run's own parameters.</summary>
    public IReadOnlyDictionary<string, JsonElement>? RunParameters { get; init; }

    /// <summary>The fields to set in the body: the endpoint's, and the run's in place of those.</summary>
    public IReadOnlyDictionary<string, JsonElement> Parameters =>
        new Dictionary<string, JsonElement>([
            .. Endpoint.Spec.Parameters?.Where(own => RunParameters?.ContainsKey(own.Key) != true) ?? [],
            .. RunParameters ?? RequestBody.NoFields,
        ]);

    /// <summary>About how many tokens the call will use.</summary>
    public int EstimatedTokens =>
        (int)Math.Min(int.MaxValue / 2, (Body.Length / (long)BytesPerToken) + (Request.MaxOutputTokens ?? AssumedOutputTokens));
}
