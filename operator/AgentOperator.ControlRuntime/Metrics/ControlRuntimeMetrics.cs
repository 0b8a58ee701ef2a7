using System.Diagnostics.Metrics;

namespace AgentOperator.ControlRuntime;

/// <summary>
/// The meter <c>AgentOperator.ControlRuntime</c>. Instruments carry the names that dashboards for Kubernetes controllers know; times are
/// seconds.
/// </summary>
internal sealed class ControlRuntimeMetrics : IDisposable
{
    private readonly Meter _meter = new(ControlRuntimeOptions.MeterName);
    private readonly UpDownCounter<long> _depth;
    private readonly Counter<long> _adds;
    private readonly Counter<long> _retries;
    private readonly Histogram<double> _queueDuration;
    private readonly Histogram<double> _workDuration;
    private readonly Counter<long> _reconciles;
    private readonly Histogram<double> _reconcileDuration;
    private readonly UpDownCounter<long> _activeWorkers;
    private readonly Counter<long> _lists;
    private readonly Counter<long> _watches;
    private readonly Counter<long> _watchFailures;
    private readonly Counter<long> _poisonObjects;
    private readonly UpDownCounter<long> _leader;
    private readonly Counter<long> _events;

    public ControlRuntimeMetrics()
    {
        _depth = _meter.CreateUpDownCounter<long>("workqueue_depth", "{key}", "Keys that wait in the queue.");
        _adds = _meter.CreateCounter<long>("workqueue_adds_total", "{key}", "Keys added to the queue.");
        _retries = _meter.CreateCounter<long>("workqueue_retries_total", "{key}", "Keys added again after a failure.");
        _queueDuration = Seconds("workqueue_queue_duration_seconds", "Time that a key waited.");
        _workDuration = Seconds("workqueue_work_duration_seconds", "Time that a key was worked on.");
        _reconciles = _meter.CreateCounter<long>("controller_runtime_reconcile_total", "{reconcile}", "Reconciles by result.");
        _reconcileDuration = Seconds("controller_runtime_reconcile_time_seconds", "Time of a reconcile by result.");
        _activeWorkers = _meter.CreateUpDownCounter<long>("controller_runtime_active_workers", "{worker}", "Workers that reconcile at this moment.");
        _lists = _meter.CreateCounter<long>("reflector_lists_total", "{list}", "Complete lists.");
        _watches = _meter.CreateCounter<long>("reflector_watches_total", "{watch}", "Watches opened.");
        _watchFailures = _meter.CreateCounter<long>("reflector_failures_total", "{failure}", "Lists and watches that failed.");
        _poisonObjects = _meter.CreateCounter<long>("reflector_poison_objects_total", "{object}", "Objects that could not be read and were skipped.");
        _leader = _meter.CreateUpDownCounter<long>("leader_election_master_status", "{leader}", "One while this process leads.");
        _events = _meter.CreateCounter<long>("event_recorder_events_total", "{event}", "Recorded events by outcome.");
    }

    public void KeyQueued(string queue) => _depth.Add(1, Name(queue));

    public void KeyAdded(string queue) => _adds.Add(1, Name(queue));

    public void KeyRetried(string queue) => _retries.Add(1, Name(queue));

    public void KeyTaken(string queue, TimeSpan waited)
    {
        _depth.Add(-1, Name(queue));
        _queueDuration.Record(waited.TotalSeconds, Name(queue));
    }

    public void KeyDropped(string queue) => _depth.Add(-1, Name(queue));

    public void KeyDone(string queue, TimeSpan worked) => _workDuration.Record(worked.TotalSeconds, Name(queue));

    public void ReconcileStarted(string controller) => _activeWorkers.Add(1, Controller(controller));

    public void ReconcileEnded(string controller, string result, TimeSpan duration)
    {
        _activeWorkers.Add(-1, Controller(controller));
        _reconciles.Add(1, Controller(controller), new("result", result));
        _reconcileDuration.Record(duration.TotalSeconds, Controller(controller), new("result", result));
    }

    public void Listed(string resource) => _lists.Add(1, Name(resource));

    public void WatchOpened(string resource) => _watches.Add(1, Name(resource));

    public void WatchFailed(string resource) => _watchFailures.Add(1, Name(resource));

    /// <summary>No object was skipped yet. Else Prometheus would see no increase from nothing to one, and no alert would be raised.</summary>
    public void Reads(string resource) => _poisonObjects.Add(0, Name(resource));

    public void PoisonObject(string resource) => _poisonObjects.Add(1, Name(resource));

    /// <summary>A process that has never led says so: a series that is not there yet raises no alert.</summary>
    public void Candidate(string lease) => _leader.Add(0, Name(lease));

    public void LeadershipChanged(string lease, bool leads) => _leader.Add(leads ? 1 : -1, Name(lease));

    public void Event(string outcome) => _events.Add(1, new KeyValuePair<string, object?>("outcome", outcome));

    public void Dispose() => _meter.Dispose();

    private Histogram<double> Seconds(string name, string description) =>
        _meter.CreateHistogram(name, "s", description, tags: null, SecondBuckets.UpToMinutes);

    private static KeyValuePair<string, object?> Name(string name) => new("name", name);

    private static KeyValuePair<string, object?> Controller(string name) => new("controller", name);
}
