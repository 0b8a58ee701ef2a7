namespace AgentOperator.ModelServer.Scenarios;

/// <summary>
/// A tool call's argument text exactly as it is sent: a YAML mapping becomes compact JSON, a YAML string is sent as it stands (so it may be
/// invalid JSON).
/// </summary>
internal sealed record ToolArguments(string Text)
{
    /// <summary>The empty object.</summary>
    public static ToolArguments None { get; } = new("{}");
}
