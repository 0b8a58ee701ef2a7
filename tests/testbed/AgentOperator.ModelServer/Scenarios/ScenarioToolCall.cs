namespace AgentOperator.ModelServer.Scenarios;

/// <summary>One tool call of an answer.</summary>
internal sealed record ScenarioToolCall
{
    /// <summary>The tool's name.</summary>
    public string Name { get; init; } = "";

    /// <summary>The arguments. Default: an empty object.</summary>
    public ToolArguments Arguments { get; init; } = ToolArguments.None;

    /// <summary>The call's id. Default: <c>call_&lt;step&gt;_&lt;index&gt;</c>.</summary>
    public string? Id { get; init; }
}
