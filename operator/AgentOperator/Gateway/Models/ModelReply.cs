using AgentOperator.Protocol;

namespace AgentOperator.Gateway.Models;

/// <summary>A committed answer on its way to the runner.</summary>
internal sealed record ModelReply(ModelAnswerPayload Answer, long Sequence, bool Replayed);
