namespace AgentOperator.Telemetry;

/// <summary>The meter of everything that the operator measures about runs and the gateway.</summary>
internal static class OperatorMeter
{
    public const string Name = "AgentOperator";
}
