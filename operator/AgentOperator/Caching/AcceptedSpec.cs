using AgentOperator.Api;

namespace AgentOperator.Caching;

/// <summary>The spec that a run goes by.</summary>
/// <param name="Spec">The live spec with every forbidden change taken back.</param>
/// <param name="RefusedFields">The paths of the forbidden changes, in the order of the spec; empty if there are none.</param>
internal sealed record AcceptedSpec(AgentRunSpec Spec, IReadOnlyList<string> RefusedFields)
{
    /// <summary>The run with this spec. The given run may be shared with a cache and is not changed.</summary>
    public AgentRun ApplyTo(AgentRun run) => ReferenceEquals(run.Spec, Spec)
        ? run
        : new AgentRun { ApiVersion = run.ApiVersion, Kind = run.Kind, Metadata = run.Metadata, Spec = Spec, Status = run.Status };
}
