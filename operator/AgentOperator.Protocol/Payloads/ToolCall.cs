using System.Text.Json;

namespace AgentOperator.Protocol;

/// <summary>One tool call of a model answer.</summary>
/// <param name="Id">The call's id, unique within its answer.</param>
/// <param name="Name">The tool's name as it was advertised to the model.</param>
/// <param name="Arguments">The arguments, exactly as the model sent them.</param>
public sealed record ToolCall(string Id, string Name, string Arguments)
{
    /// <summary>What else the provider's call holds, which goes back in later requests as it came; null when there is nothing else.</summary>
    public JsonElement? Extra { get; init; }
}
