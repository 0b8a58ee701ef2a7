namespace AgentOperator.Integration.ControlRuntime;

internal sealed record GadgetSpec
{
    public required int Size { get; init; }
}
