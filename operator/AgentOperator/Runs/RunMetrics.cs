using System.Diagnostics.Metrics;
using AgentOperator.Api;
using AgentOperator.ControlRuntime;
using AgentOperator.Runs.Attempts;
using AgentOperator.Telemetry;

namespace AgentOperator.Runs;

/// <summary>Metrics of runs and attempts, on the meter <c>AgentOperator</c>.</summary>
internal sealed class RunMetrics
{
    private readonly Counter<long> _attempts;
    private readonly Counter<long> _finished;
    private readonly Histogram<double> _recovery;

    public RunMetrics(IMeterFactory meters, ILister<AgentRun> runs)
    {
        var meter = meters.Create(OperatorMeter.Name);
        _attempts = meter.CreateCounter<long>("agentoperator_attempts", description: "Attempts that ended, by outcome.");
        _finished = meter.CreateCounter<long>("agentoperator_runs_finished", description: "Runs that ended, by phase and reason.");
        _recovery = meter.CreateHistogram<double>(
            "agentoperator_recovery_seconds", unit: "s",
            description: "Time from the end of an attempt to the first heartbeat or commit of the next.");
        meter.CreateObservableGauge("agentoperator_runs", () => ByPhase(runs), description: "Existing runs, by phase.");
    }

    /// <summary>Counts the changes in a status that was just written.</summary>
    public void Record(AgentRunStatus before, AgentRunStatus after)
    {
        foreach (var ended in AttemptChanges.Ended(before, after))
        {
            _attempts.Add(1, new KeyValuePair<string, object?>("outcome", ended.Outcome));
        }

        var recovered = (after.Attempts ?? []).Where(record => !Recovered(before, record.Number));
        foreach (var seconds in recovered.Select(record => record.RecoverySeconds).OfType<int>())
        {
            _recovery.Record(seconds);
        }

        if (!Phases.IsTerminal(before.Phase) && Phases.IsTerminal(after.Phase))
        {
            _finished.Add(
                1,
                new KeyValuePair<string, object?>("phase", after.Phase),
                new KeyValuePair<string, object?>("reason", after.FindCondition(ConditionTypes.Finished)?.Reason));
        }
    }

    private static bool Recovered(AgentRunStatus status, int number) =>
        status.Attempts?.Any(record => record.Number > number || (record.Number == number && record.RecoverySeconds is not null)) == true;

    private static IEnumerable<Measurement<long>> ByPhase(ILister<AgentRun> runs) => runs.List()
        .GroupBy(run => run.Status?.Phase ?? Phases.Pending)
        .Select(phase => new Measurement<long>(phase.LongCount(), new KeyValuePair<string, object?>("phase", phase.Key)));
}
