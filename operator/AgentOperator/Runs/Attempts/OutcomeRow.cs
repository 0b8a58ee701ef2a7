using AgentOperator.Api;

namespace AgentOperator.Runs.Attempts;

/// <summary>What follows from one way for an attempt to end: a row of <see cref="OutcomePolicy"/>.</summary>
/// <param name="Outcome">One of <see cref="Outcomes"/>.</param>
/// <param name="Case">What tells this row from the outcome's usual one.</param>
internal sealed record OutcomeRow(string Outcome, OutcomeCase Case = OutcomeCase.Usual)
{
    /// <summary>Whether it adds to the failures in a row, unless the attempt committed something.</summary>
    public bool CostsFailure { get; init; }

    /// <summary>Whether the cluster brought it about.</summary>
    public bool IsDisruption { get; init; }

    /// <summary>Whether the tool call that was under way may have brought it about.</summary>
    public bool MayBeToolCall { get; init; }

    /// <summary>Whether the run ends with it.</summary>
    public RunEnding EndsRun { get; init; }

    /// <summary>The run's reason where it ends the run.</summary>
    public string RunReason => Case == OutcomeCase.JournalBroken ? Reasons.JournalBroken : Outcome;

    /// <summary>When the next attempt has to wait for its backoff.</summary>
    public Pause Pause { get; init; }

    /// <summary>Who has to do something before the run, or its successor, gets any further.</summary>
    public WhoActs WhoActs { get; init; }

    /// <summary>Whether it is as somebody wanted it: its event is no warning.</summary>
    public bool IsGood { get; init; }
}
