using AgentOperator.Api;

namespace AgentOperator.Runs.Attempts;

/// <summary>The consequences of an outcome: a row of <see cref="OutcomePolicy"/>.</summary>
/// <param name="Outcome">One of <see cref="Outcomes"/>.</param>
/// <param name="Case">The special case that this row applies to.</param>
internal sealed record OutcomeRow(string Outcome, OutcomeCase Case = OutcomeCase.Usual)
{
    /// <summary>Whether it counts as a failure, unless the attempt made progress.</summary>
    public bool CostsFailure { get; init; }

    /// <summary>Whether the cluster caused it.</summary>
    public bool IsDisruption { get; init; }

    /// <summary>Whether the tool call in progress may have caused it.</summary>
    public bool MayBeToolCall { get; init; }

    /// <summary>Whether it ends the run.</summary>
    public RunEnding EndsRun { get; init; }

    /// <summary>The run's reason, if it ends the run.</summary>
    public string RunReason => Case == OutcomeCase.JournalBroken ? Reasons.JournalBroken : Outcome;

    /// <summary>When the next attempt needs a backoff.</summary>
    public Pause Pause { get; init; }

    /// <summary>Who must act before the run, or a new one in its place, can make progress.</summary>
    public WhoActs WhoActs { get; init; }

    /// <summary>Whether it was intended, so that its event is not a warning.</summary>
    public bool IsGood { get; init; }
}
