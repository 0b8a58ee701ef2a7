using System.Diagnostics.Metrics;
using AgentOperator.Api;
using AgentOperator.ControlRuntime;
using AgentOperator.Protocol;
using AgentOperator.Runs.Attempts;
using AgentOperator.Telemetry;

namespace AgentOperator.Runs;

/// <summary>Counts what becomes of runs and attempts, on the meter <c>AgentOperator</c>.</summary>
internal sealed class RunMetrics
{
    private static readonly LabelValues OutcomeLabels = LabelValues.OfConstants(typeof(Outcomes));
    private static readonly LabelValues PhaseLabels = LabelValues.OfConstants(typeof(Phases));
    private static readonly LabelValues EndLabels = LabelValues.OfConstants(typeof(Outcomes), typeof(TerminationReasons), typeof(Reasons));

    private readonly Counter<long> _attempts;
    private readonly Counter<long> _failures;
    private readonly Counter<long> _finished;
    private readonly Histogram<double> _recovery;

    public RunMetrics(IMeterFactory meters, RunGauges gauges)
    {
        var meter = meters.Create(OperatorMeter.Name);
        _attempts = meter.CreateCounter<long>("agentoperator_attempts", description: "Attempts that ended, by outcome.");
        _failures = meter.CreateCounter<long>(
            "agentoperator_attempt_failures", description: "Attempts that cost a failure, because they ended without progress, by outcome.");
        _finished = meter.CreateCounter<long>("agentoperator_runs_finished", description: "Runs that ended, by phase and reason.");
        _recovery = meter.CreateHistogram(
            "agentoperator_recovery_seconds", "s", "Time from the end of an attempt to the first heartbeat or commit of the next.", tags: null,
            SecondBuckets.UpToAnHour);
        gauges.AddTo(meter);

        // An increase from nothing to one is none for Prometheus: what alerts watch begins at zero.
        foreach (var outcome in OutcomeLabels.All)
        {
            _failures.Add(0, MetricLabels.Of(MetricLabels.Outcome, outcome));
        }

        AddFinished(0, Phases.Failed, Reasons.JournalBroken);
    }

    /// <summary>Counts the changes in a status that was just written.</summary>
    public void Record(AgentRunStatus before, AgentRunStatus after)
    {
        foreach (var ended in AttemptChanges.Ended(before, after))
        {
            _attempts.Add(1, MetricLabels.Of(MetricLabels.Outcome, OutcomeLabels.Of(ended.Outcome)));
        }

        if ((after.Failures ?? 0) > (before.Failures ?? 0))
        {
            _failures.Add(1, MetricLabels.Of(MetricLabels.Outcome, OutcomeLabels.Of(after.LastExit)));
        }

        var recovered = (after.Attempts ?? []).Where(record => !Recovered(before, record.Number));
        foreach (var seconds in recovered.Select(record => record.RecoverySeconds).OfType<int>())
        {
            _recovery.Record(seconds);
        }

        if (!Phases.IsTerminal(before.Phase) && Phases.IsTerminal(after.Phase))
        {
            AddFinished(1, after.Phase, after.FindCondition(ConditionTypes.Finished)?.Reason);
        }
    }

    private void AddFinished(long count, string? phase, string? reason) => _finished.Add(
        count, MetricLabels.Of(MetricLabels.Phase, PhaseLabels.Of(phase)), MetricLabels.Of(MetricLabels.Reason, EndLabels.Of(reason)));

    private static bool Recovered(AgentRunStatus status, int number) =>
        status.Attempts?.Any(record => record.Number > number || (record.Number == number && record.RecoverySeconds is not null)) == true;
}
