using AgentOperator.Protocol;

namespace AgentRunner.Models;

/// <summary>A committed answer of the model.</summary>
/// <param name="Sequence">The sequence of its record.</param>
/// <param name="Payload">The record's payload.</param>
/// <param name="Replayed">Whether it was found in the journal, so that no model was called.</param>
internal sealed record ModelAnswer(long Sequence, ModelAnswerPayload Payload, bool Replayed);
