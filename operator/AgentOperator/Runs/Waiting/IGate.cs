using AgentOperator.Runs.Attempts;
using AgentOperator.Validation;

namespace AgentOperator.Runs.Waiting;

/// <summary>One thing that the next attempt may have to wait for.</summary>
internal interface IGate
{
    /// <summary>The run's phase while it waits here. In Pending and Waiting, <c>status.waitingFor</c> says for what.</summary>
    string PhaseOf(AttemptLog attempts);

    /// <summary>Why the next attempt cannot start; null when this does not hold it back.</summary>
    Blocker? Find(RunSnapshot snapshot, AttemptLog attempts);
}
