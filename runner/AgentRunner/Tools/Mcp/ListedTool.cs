using System.Text.Json;

namespace AgentRunner.Tools.Mcp;

/// <summary>A tool as an MCP server lists it.</summary>
/// <param name="Name">Its name at the server.</param>
/// <param name="Description">What the model is told it does.</param>
/// <param name="Schema">The schema of its arguments, as listed: a JSON object. Undefined when there is a problem.</param>
/// <param name="Problem">Why it cannot be used; null when it can.</param>
internal sealed record ListedTool(string Name, string Description, JsonElement Schema, string? Problem = null);
