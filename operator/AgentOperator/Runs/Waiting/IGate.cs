using AgentOperator.Runs.Attempts;
using AgentOperator.Validation;

namespace AgentOperator.Runs.Waiting;

/// <summary>A precondition of the next attempt.</summary>
internal interface IGate
{
    /// <summary>The run's phase while the gate is closed. In Pending and Waiting, <c>status.waitingFor</c> shows the blocker.</summary>
    string PhaseOf(AttemptLog attempts);

    /// <summary>Why the next attempt cannot start; null if the gate is open.</summary>
    Blocker? Find(RunSnapshot snapshot, AttemptLog attempts);
}
