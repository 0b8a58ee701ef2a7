using AgentOperator.Runs.Attempts;
using AgentOperator.Validation;

namespace AgentOperator.Runs.Waiting;

/// <summary>A precondition of the next attempt.</summary>
internal interface IGate
{
    /// <summary>
    /// The run's phase while the gate is closed: Waiting, Recovering or Suspended. Before the first attempt it is Pending instead of the first two.
    /// In Pending and Waiting, <c>status.waitingFor</c> shows the blocker.
    /// </summary>
    string PhaseOf(AttemptLog attempts);

    /// <summary>Why the next attempt cannot start; null if the gate is open.</summary>
    Blocker? Find(RunSnapshot snapshot, AttemptLog attempts);
}
