using AgentOperator.Api;
using AgentOperator.Runs.Attempts;
using AgentOperator.Validation;

namespace AgentOperator.Runs.Waiting;

/// <summary>The server refused what the next attempt needs, a moment ago in this reconcile.</summary>
internal sealed class ObstacleGate : IGate
{
    public string PhaseOf(AttemptLog attempts) => attempts.Number == 0 ? Phases.Pending : Phases.Recovering;

    public Blocker? Find(RunSnapshot snapshot, AttemptLog attempts) => snapshot.Obstacle;
}
