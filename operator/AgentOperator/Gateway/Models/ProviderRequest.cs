using AgentOperator.Api;

namespace AgentOperator.Gateway.Models;

/// <summary>What is sent to a provider.</summary>
/// <param name="Endpoint">Where to.</param>
/// <param name="Request">What the gateway knows of the body.</param>
/// <param name="Body">The body, sent as it is.</param>
internal sealed record ProviderRequest(ModelEndpoint Endpoint, ModelRequest Request, ReadOnlyMemory<byte> Body)
{
    private const int BytesPerToken = 4;
    private const int AssumedOutputTokens = 1024;

    /// <summary>About how many tokens the call will use.</summary>
    public int EstimatedTokens =>
        (int)Math.Min(int.MaxValue / 2, (Body.Length / (long)BytesPerToken) + (Request.MaxOutputTokens ?? AssumedOutputTokens));
}
