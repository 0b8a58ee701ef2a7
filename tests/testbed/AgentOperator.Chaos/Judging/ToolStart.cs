using AgentOperator.Protocol;

namespace AgentOperator.Chaos.Judging;

/// <summary>One start of a tool, as the world that it acts on saw it.</summary>
/// <param name="Call">The call that was started.</param>
/// <param name="Effect">What the tool does to that world.</param>
/// <param name="Key">The idempotency key that it was given; null or empty for none.</param>
/// <param name="By">Who started it.</param>
internal sealed record ToolStart(string Call, ToolEffect Effect, string? Key, string By);
