namespace AgentOperator.SimulatedNodes.Runners;

/// <summary>The gateway's error, when it is one that trying again does not mend.</summary>
/// <param name="error">What it said.</param>
internal sealed class GatewayRefusal(ProtocolError error) : Exception($"{error.Status} {error.Code}: {error.Detail}")
{
    public string Code => error.Code;
}
