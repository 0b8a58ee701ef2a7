using AgentOperator.Protocol;

namespace AgentRunner.Conversations;

/// <summary>What every request of a run starts with.</summary>
internal sealed record Prompt
{
    /// <summary>What step keys are derived from.</summary>
    public required string Lineage { get; init; }

    /// <summary>The system instructions; null or empty for none.</summary>
    public string? Instructions { get; init; }

    /// <summary>What the agent is to do.</summary>
    public required string Task { get; init; }

    /// <summary>The model and its parameters.</summary>
    public required ModelParameters Model { get; init; }

    /// <summary>The advertised tools, in the order advertised.</summary>
    public IReadOnlyList<ToolSpecification> Tools { get; init; } = [];

    /// <summary>The bound of the conversation in bytes, unless the journal has one.</summary>
    public required int MaxContextBytes { get; init; }
}
