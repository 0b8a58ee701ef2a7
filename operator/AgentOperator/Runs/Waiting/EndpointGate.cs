using AgentOperator.Api;
using AgentOperator.Runs.Attempts;
using AgentOperator.Validation;

namespace AgentOperator.Runs.Waiting;

/// <summary>No attempt starts while the run's ModelEndpoint is missing or cannot be used.</summary>
internal sealed class EndpointGate : IGate
{
    public string PhaseOf(AttemptLog attempts) => Phases.Pending;

    public Blocker? Find(RunSnapshot snapshot, AttemptLog attempts) => snapshot.EndpointBlocker;
}
