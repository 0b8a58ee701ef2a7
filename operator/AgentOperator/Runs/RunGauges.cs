using System.Diagnostics.Metrics;
using AgentOperator.Api;
using AgentOperator.ControlRuntime;
using AgentOperator.Telemetry;

namespace AgentOperator.Runs;

/// <summary>
/// What is there now. Every replica has the caches, so only the leader shows it: else a sum over the replicas would count each run several times.
/// </summary>
internal sealed class RunGauges(ILister<AgentRun> runs, ILister<ModelEndpoint> endpoints, ILeadership leadership, TimeProvider time)
{
    private static readonly LabelValues PhaseLabels = LabelValues.OfConstants(typeof(Phases));
    private static readonly LabelValues ReasonLabels = LabelValues.OfConstants(typeof(Reasons));

    public void AddTo(Meter meter)
    {
        meter.CreateObservableGauge("agentoperator_runs", OfLeader(ByPhase), description: "Existing runs, by phase.");
        meter.CreateObservableGauge(
            "agentoperator_runs_waiting", OfLeader(ByReason), description: "Runs that have not ended and are not running, by reason.");
        meter.CreateObservableGauge(
            "agentoperator_longest_wait_seconds", OfLeader(LongestWaits), "s",
            "Time since the longest waiting run was running or created, by the reason it waits for now.");
        meter.CreateObservableGauge(
            "agentoperator_endpoint_available", OfLeader(Availability),
            description: "1 if the provider of a ModelEndpoint answers, 0 if runs wait for it. Endpoints that were never called are left out.");
    }

    private Func<IEnumerable<Measurement<T>>> OfLeader<T>(Func<IEnumerable<Measurement<T>>> measure)
        where T : struct => () => leadership.IsLeader ? measure() : [];

    private IEnumerable<Measurement<long>> ByPhase()
    {
        var counts = runs.List().CountBy(run => PhaseLabels.Of(run.Status?.Phase ?? Phases.Pending)).ToDictionary();
        return Of(MetricLabels.Phase, PhaseLabels, phase => counts.GetValueOrDefault(phase));
    }

    private IEnumerable<Measurement<long>> ByReason()
    {
        var counts = Waiting().CountBy(wait => wait.Reason).ToDictionary();
        return Of(MetricLabels.Reason, ReasonLabels, reason => counts.GetValueOrDefault(reason));
    }

    private IEnumerable<Measurement<long>> LongestWaits()
    {
        var now = time.GetUtcNow();
        var longest = Waiting().GroupBy(wait => wait.Reason).ToDictionary(waits => waits.Key, waits => now - waits.Min(wait => wait.Since));
        return Of(MetricLabels.Reason, ReasonLabels, reason => long.Max(0, (long)longest.GetValueOrDefault(reason).TotalSeconds));
    }

    private IEnumerable<(string Reason, DateTimeOffset Since)> Waiting() => runs.List()
        .Where(run => !Phases.IsTerminal(run.Status?.Phase))
        .Select(run => run.Status?.FindCondition(ConditionTypes.Running))
        .OfType<Condition>()
        .Where(running => running.Status != ConditionStatuses.True)
        .Select(running => (ReasonLabels.Of(running.Reason), running.LastTransitionTime));

    private IEnumerable<Measurement<long>> Availability() =>
        from endpoint in endpoints.List()
        let available = endpoint.Status?.FindCondition(ConditionTypes.Available)
        where available is not null
        select new Measurement<long>(available.Status == ConditionStatuses.False ? 0 : 1, MetricLabels.Of(ObjectKey.Of(endpoint)));

    /// <summary>All values, also those that nothing has: graphs and alerts see zero instead of a gap.</summary>
    private static IEnumerable<Measurement<long>> Of(string label, LabelValues values, Func<string, long> measure) =>
        values.All.Append(LabelValues.Other).Select(value => new Measurement<long>(measure(value), MetricLabels.Of(label, value)));
}
