using AgentOperator.Api;

namespace AgentOperator.Chaos.Agents;

/// <summary>What the model will want of one run: the calls of each step, then a final answer.</summary>
internal sealed record AgentProgram
{
    /// <summary>Stands in every text that only the journal may hold.</summary>
    public const string Secret = "CONFIDENTIAL";

    /// <summary>What the final answer begins with; the number of its sample follows.</summary>
    public const string Result = "The work is done, says sample";

    public required string Run { get; init; }

    /// <summary>The model's name: the provider knows the program by it.</summary>
    public required string Model { get; init; }

    public required AgentRunSpec Spec { get; init; }

    public required IReadOnlyList<IReadOnlyList<ScriptedCall>> Steps { get; init; }

    public required CallIdStyle CallIds { get; init; }

    public required int PromptTokens { get; init; }

    public required int CompletionTokens { get; init; }
}
