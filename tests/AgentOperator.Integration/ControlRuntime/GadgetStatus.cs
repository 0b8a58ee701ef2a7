namespace AgentOperator.Integration.ControlRuntime;

internal sealed record GadgetStatus
{
    public int? ObservedSize { get; init; }

    public string? Phase { get; init; }
}
