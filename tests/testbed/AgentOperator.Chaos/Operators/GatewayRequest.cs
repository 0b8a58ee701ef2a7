namespace AgentOperator.Chaos.Operators;

/// <summary>A runner's request on its way to the gateway.</summary>
internal sealed record GatewayRequest(
    string Method, string Path, string Query, IReadOnlyDictionary<string, string> Headers, byte[] Body, string PodUid, string Pod);
