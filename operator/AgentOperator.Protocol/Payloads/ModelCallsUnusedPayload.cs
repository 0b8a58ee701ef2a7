namespace AgentOperator.Protocol;

/// <summary>Payload of <see cref="RecordKinds.ModelCallsUnused"/>.</summary>
/// <param name="Calls">How many calls brought no answer to commit.</param>
/// <param name="Usage">Their tokens: as the provider reported them, else an estimate.</param>
public sealed record ModelCallsUnusedPayload(long Calls, TokenUsage Usage)
{
    /// <summary>The sum of two.</summary>
    public ModelCallsUnusedPayload Plus(ModelCallsUnusedPayload other) => new(Calls + other.Calls, Usage.Plus(other.Usage));
}
