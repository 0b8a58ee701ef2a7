namespace AgentOperator.ControlRuntime.Tests.Support;

internal sealed record WidgetSpec
{
    public required int Size { get; init; }
}
