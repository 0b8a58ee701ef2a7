using AgentOperator.Api;
using AgentOperator.Runs.Attempts;
using AgentOperator.Validation;

namespace AgentOperator.Runs.Waiting;

/// <summary>Waits while the run's ModelEndpoint is missing or unusable.</summary>
internal sealed class EndpointGate : IGate
{
    public string PhaseOf(AttemptLog attempts) => Phases.Waiting;

    public Blocker? Find(RunSnapshot snapshot, AttemptLog attempts) => snapshot.EndpointBlocker;
}
