namespace AgentOperator.Chaos.Operators;

/// <summary>The gateway's answer on its way back.</summary>
internal sealed record GatewayReply(int Status, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    public bool IsSuccess => Status is >= 200 and < 300;
}
