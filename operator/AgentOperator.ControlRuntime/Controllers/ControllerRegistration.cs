namespace AgentOperator.ControlRuntime;

/// <summary>A controller's name and width, found again when another one is added under the same name.</summary>
internal sealed record ControllerRegistration(string Name, int Workers);
