using System.Text.Json;

namespace AgentTools;

/// <summary>One call of a tool.</summary>
public sealed record ToolInvocation
{
    /// <summary>The arguments: a JSON object.</summary>
    public required JsonElement Arguments { get; init; }

    /// <summary>The same for the same call in every attempt; null unless the tool is Keyed.</summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>How long it may take.</summary>
    public required TimeSpan Timeout { get; init; }

    /// <summary>How much of its output is kept.</summary>
    public required int MaxOutputBytes { get; init; }
}
