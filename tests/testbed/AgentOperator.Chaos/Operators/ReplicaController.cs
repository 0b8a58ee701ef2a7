using AgentOperator.Chaos.Engine;
using AgentOperator.ControlRuntime;
using AgentOperator.Runs;
using k8s.Autorest;

namespace AgentOperator.Chaos.Operators;

/// <summary>
/// The replica's controller while it believes that it leads: one reconcile of a key at a time, another when the key changed meanwhile, failures
/// retried with growing pauses. What the real controller does with threads is done here with events.
/// </summary>
internal sealed class ReplicaController(World world, SimulatedProcess process, AgentRunReconciler reconciler, Func<IEnumerable<ObjectKey>> allKeys)
{
    private static readonly TimeSpan ReconcileTimeout = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(60);

    private readonly HashSet<ObjectKey> _working = [];
    private readonly HashSet<ObjectKey> _again = [];
    private readonly Dictionary<ObjectKey, int> _failures = [];
    private readonly Dictionary<ObjectKey, int> _delayed = [];
    private CancellationTokenSource? _leadership;

    public bool Leads => _leadership is not null;

    public void StartLeading()
    {
        if (_leadership is null)
        {
            _leadership = new CancellationTokenSource();
            foreach (var key in allKeys())
            {
                Enqueue(key);
            }
        }
    }

    /// <summary>Cancels what is under way, as the loss of the lease does.</summary>
    public void StopLeading()
    {
        var had = _leadership;
        _leadership = null;
        had?.Cancel();
    }

    public void Enqueue(ObjectKey key)
    {
        if (_leadership is null)
        {
            return;
        }

        _delayed.Remove(key);
        if (!_working.Add(key))
        {
            _again.Add(key);
            return;
        }

        world.Simulator.After(TimeSpan.FromMilliseconds(1), process, null, () => world.Simulator.Watch(WorkAsync(key), $"reconcile {key}"));
    }

    private async Task WorkAsync(ObjectKey key)
    {
        TimeSpan? next = null;
        if (_leadership is { } lease)
        {
            using var timeout = new CancellationTokenSource(ReconcileTimeout, process.Time);
            using var cancel = CancellationTokenSource.CreateLinkedTokenSource(lease.Token, timeout.Token);
            try
            {
                next = (await reconciler.ReconcileAsync(key, cancel.Token)).RequeueAfter;
                _failures.Remove(key);
            }
            catch (OperationCanceledException) when (cancel.IsCancellationRequested)
            {
                next = lease.IsCancellationRequested ? null : Pause(key);
            }
            catch (Exception exception) when (exception is HttpOperationException or HttpRequestException or Journal.JournalException)
            {
                world.Simulator.Note($"{process.Name}: reconcile {key.Name} failed: {exception.Message}");
                next = Pause(key);
            }
        }

        _working.Remove(key);
        if (_again.Remove(key))
        {
            Enqueue(key);
        }
        else if (next is { } delay && _leadership is not null)
        {
            EnqueueAfter(key, delay);
        }
    }

    private void EnqueueAfter(ObjectKey key, TimeSpan delay)
    {
        var ticket = _delayed[key] = _delayed.GetValueOrDefault(key) + 1;
        world.Simulator.After(delay > TimeSpan.Zero ? delay : TimeSpan.FromMilliseconds(1), process, null, () =>
        {
            if (_delayed.GetValueOrDefault(key) == ticket)
            {
                Enqueue(key);
            }
        });
    }

    private TimeSpan Pause(ObjectKey key)
    {
        var failed = _failures[key] = _failures.GetValueOrDefault(key) + 1;
        var pause = FirstPause * Math.Pow(2, Math.Min(failed - 1, 20));
        return pause < LongestPause ? pause : LongestPause;
    }
}
