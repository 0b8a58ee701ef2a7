using System.Collections.Concurrent;
using System.Net;
using k8s.Autorest;
using Microsoft.Extensions.Time.Testing;

namespace AgentOperator.ControlRuntime.Tests.Controllers;

internal sealed class ControllerTests
{
    private static readonly TimeSpan ReconcileTimeout = TimeSpan.FromMinutes(2);
    private static readonly ExponentialDelay Delay = new(TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(5), () => 0.5);

    private readonly ConcurrentQueue<string> _reconciled = new();
    private CancellationTokenSource _stop = null!;
    private CancellationTokenSource _abort = null!;
    private FakeTimeProvider _time = null!;
    private MetricRecorder _recorder = null!;
    private ControlRuntimeMetrics _metrics = null!;
    private FakeSource _source = null!;
    private RecordingLogger<Controller> _logger = null!;
#pragma warning disable NUnit1032 // The controller disposes it.
    private WorkQueue<ObjectKey> _queue = null!;
#pragma warning restore NUnit1032
    private Task _running = Task.CompletedTask;

    [SetUp]
    public void SetUp()
    {
        _reconciled.Clear();
        _stop = new CancellationTokenSource();
        _abort = new CancellationTokenSource();
        _time = new FakeTimeProvider();
        _recorder = new MetricRecorder("widgets");
        _metrics = new ControlRuntimeMetrics();
        _source = new FakeSource();
        _source.Sync();
        _logger = new RecordingLogger<Controller>();
    }

    [TearDown]
    public async Task TearDown()
    {
        await _stop.CancelAsync();
        await _abort.CancelAsync();
        await _running.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System);
        _recorder.Dispose();
        _metrics.Dispose();
        _logger.Dispose();
        _stop.Dispose();
        _abort.Dispose();
    }

    [Test]
    public async Task Run_CachesNotInSync_NoReconcileStarts()
    {
        _source = new FakeSource();
        Start((_, _) => Task.FromResult(Result.Done));
        _source.Change("a");

        Assert.That(_reconciled, Is.Empty);

        _source.Sync();
        await Eventually.TrueAsync("a is reconciled once the cache is in sync", () => _reconciled.Contains("a"));
    }

    [Test]
    public async Task Run_StoppedBeforeSync_EndsAndUnsubscribes()
    {
        _source = new FakeSource();
        Start((_, _) => Task.FromResult(Result.Done));

        await _stop.CancelAsync();
        await _running.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System);

        Assert.That(_source.IsStarted, Is.False);
    }

    [Test]
    public async Task Reconcile_Done_IsNotRepeated()
    {
        Start((_, _) => Task.FromResult(Result.Done));

        _source.Change("a");
        await Eventually.TrueAsync("one success", () => _recorder["controller_runtime_reconcile_total{result=success}"] == 1);
        _time.Advance(TimeSpan.FromHours(1));
        _source.Change("b");
        await Eventually.TrueAsync("b", () => _reconciled.Contains("b"));

        Assert.That(_reconciled, Is.EqualTo(["a", "b"]));
    }

    [Test]
    public async Task Reconcile_After_IsRepeatedThen()
    {
        Start((_, _) => Task.FromResult(Result.After(TimeSpan.FromSeconds(30))));
        _source.Change("a");
        await Eventually.TrueAsync("the first reconcile", () => _recorder["controller_runtime_reconcile_total{result=requeue_after}"] == 1);

        _time.Advance(TimeSpan.FromSeconds(30));

        await Eventually.TrueAsync("the second reconcile", () => _reconciled.Count == 2);
    }

    [Test]
    public async Task Reconcile_Throws_IsRetriedWithBackoffAndForgottenOnSuccess()
    {
        Start((_, _) => _reconciled.Count <= 3 ? throw new InvalidOperationException("test") : Task.FromResult(Result.Done));

        _source.Change("a");

        await _time.PassUntilAsync("three retries", () => _reconciled.Count == 4);
        await Eventually.TrueAsync("the success", () => _recorder["controller_runtime_reconcile_total{result=success}"] == 1);
        Assert.Multiple(() =>
        {
            Assert.That(_recorder["controller_runtime_reconcile_total{result=error}"], Is.EqualTo(3));
            Assert.That(_recorder["workqueue_retries_total"], Is.EqualTo(3));
        });
        Assert.That(_queue.AddRateLimited(new ObjectKey("default", "a")), Is.EqualTo(Delay.For(0)), "the backoff is forgotten");
    }

    [Test]
    public async Task Reconcile_ThrowsTerminal_IsNotRetriedUntilAChange()
    {
        Start((_, _) => throw new TerminalException("test"));
        _source.Change("a");
        await Eventually.TrueAsync("one terminal failure", () => _recorder["controller_runtime_reconcile_total{result=terminal_error}"] == 1);

        _time.Advance(TimeSpan.FromHours(1));
        Assert.That(_recorder["workqueue_depth"], Is.Zero);
        _source.Change("a");

        await Eventually.TrueAsync("the change is reconciled", () => _reconciled.Count == 2);
        Assert.That(_recorder["workqueue_retries_total"], Is.Zero);
    }

    [Test]
    public async Task Reconcile_ThrowsTerminalWithATime_IsRetriedThen()
    {
        Start((_, _) => throw new TerminalException("test") { RetryAfter = TimeSpan.FromMinutes(5) });
        _source.Change("a");
        await Eventually.TrueAsync("one terminal failure", () => _recorder["controller_runtime_reconcile_total{result=terminal_error}"] == 1);

        _time.Advance(TimeSpan.FromMinutes(4));
        Assert.That(_reconciled, Has.Count.EqualTo(1));
        _time.Advance(TimeSpan.FromMinutes(1));

        await Eventually.TrueAsync("the retry", () => _reconciled.Count == 2);
    }

    [Test]
    public async Task Reconcile_NotFinishedInTime_IsCancelledAndRetried()
    {
        Start(async (_, cancellationToken) =>
        {
            if (_reconciled.Count == 1)
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, _time, cancellationToken);
            }

            return Result.Done;
        });
        _source.Change("a");
        await Eventually.TrueAsync("the first reconcile hangs", () => _reconciled.Count == 1);

        _time.Advance(ReconcileTimeout);

        await _time.PassUntilAsync("the retry", () => _reconciled.Count == 2);
        Assert.That(_recorder["controller_runtime_reconcile_total{result=timeout}"], Is.EqualTo(1));
    }

    [Test]
    public async Task Reconcile_OwnCancellationThatIsNoTimeout_IsAnErrorAndRetried()
    {
        // The client reports its own timeouts this way.
        Start((_, _) => _reconciled.Count == 1 ? throw new TaskCanceledException("test") : Task.FromResult(Result.Done));

        _source.Change("a");

        await _time.PassUntilAsync("the retry", () => _reconciled.Count == 2);
        Assert.That(_recorder["controller_runtime_reconcile_total{result=error}"], Is.EqualTo(1));
    }

    [Test]
    public async Task Reconcile_Conflict_IsRetriedAsSuch()
    {
        Start((_, _) => _reconciled.Count == 1 ? throw Refusal(HttpStatusCode.Conflict, "Conflict") : Task.FromResult(Result.Done));

        _source.Change("a");

        await _time.PassUntilAsync("the retry", () => _reconciled.Count == 2);
        Assert.That(_recorder["controller_runtime_reconcile_total{result=conflict}"], Is.EqualTo(1));
    }

    [Test]
    public async Task Reconcile_OneKeyFails_OthersGoOn()
    {
        Start((key, _) => key.Name == "bad" ? throw new InvalidOperationException("test") : Task.FromResult(Result.Done));

        _source.Change("bad");
        _source.Change("good");

        await Eventually.TrueAsync("the good one", () => _recorder["controller_runtime_reconcile_total{result=success}"] == 1);
    }

    [Test]
    public async Task Reconcile_KeyChangesWhileReconciled_IsReconciledAgainAndNeverTwiceAtOnce()
    {
        var running = 0;
        var overlapped = false;
        var release = new TaskCompletionSource();
        Start(
            async (_, _) =>
            {
                overlapped |= Interlocked.Increment(ref running) > 1;
                await release.Task;
                Interlocked.Decrement(ref running);
                return Result.Done;
            },
            workers: 4);
        _source.Change("a");
        await Eventually.TrueAsync("the first reconcile", () => _reconciled.Count == 1);

        _source.Change("a");
        _source.Change("a");
        release.SetResult();

        await Eventually.TrueAsync("exactly one more", () => _recorder["controller_runtime_reconcile_total{result=success}"] == 2);
        Assert.That(overlapped, Is.False);
    }

    [Test]
    public async Task Stop_ReconcileRuns_FinishesAndNoOtherStarts()
    {
        var release = new TaskCompletionSource();
        var finished = false;
        Start(async (_, cancellationToken) =>
        {
            await release.Task;
            finished = !cancellationToken.IsCancellationRequested;
            return Result.Done;
        });
        _source.Change("a");
        _source.Change("b");
        await Eventually.TrueAsync("the first reconcile", () => _reconciled.Count == 1);

        await _stop.CancelAsync();
        Assert.That(_running.IsCompleted, Is.False);
        release.SetResult();
        await _running.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System);

        Assert.Multiple(() =>
        {
            Assert.That(finished, Is.True);
            Assert.That(_reconciled, Is.EqualTo(["a"]));
        });
    }

    [Test]
    public async Task Abort_ReconcileRuns_IsCancelled()
    {
        Start(async (_, cancellationToken) =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, _time, cancellationToken);
            return Result.Done;
        });
        _source.Change("a");
        await Eventually.TrueAsync("the reconcile hangs", () => _reconciled.Count == 1);

        await _stop.CancelAsync();
        await _abort.CancelAsync();
        await _running.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System);

        Assert.That(_recorder["controller_runtime_reconcile_total{result=cancelled}"], Is.EqualTo(1));
    }

    private static HttpOperationException Refusal(HttpStatusCode code, string reason)
    {
        using var response = new HttpResponseMessage(code);
        return new HttpOperationException("test")
        {
            Response = new HttpResponseMessageWrapper(response, $$"""{"kind":"Status","reason":"{{reason}}"}"""),
        };
    }

    [Test]
    public async Task Run_EachReconcile_LogsUnderAnIdOfItsOwn()
    {
        Start((_, _) => throw new InvalidOperationException("broken"));
        _source.Change("a");

        await _time.PassUntilAsync("two reconciles that fail", () => Failures().Count >= 2);
        Assert.Multiple(() =>
        {
            Assert.That(Failures().Select(scope => scope["name"]), Is.All.EqualTo("a"));
            Assert.That(Failures().Select(scope => (string)scope["reconcileId"]), Is.Unique.And.All.Length.EqualTo(8));
        });

        List<IReadOnlyDictionary<string, object>> Failures() =>
            [.. _logger.Lines.Where(line => line.Message.Contains("failed", StringComparison.Ordinal)).Select(line => line.Scope)];
    }

    private void Start(Func<ObjectKey, CancellationToken, Task<Result>> reconcile, int workers = 1)
    {
        var backoff = new KeyBackoff<ObjectKey>(Delay);
        _queue = new WorkQueue<ObjectKey>("widgets", _time, backoff, _metrics, new WorkSignal());
        var reconciler = new FuncReconciler((key, cancellationToken) =>
        {
            _reconciled.Enqueue(key.Name);
            return reconcile(key, cancellationToken);
        });
        var controller = new Controller("widgets", workers, [_source], reconciler, () => _queue, ReconcileTimeout, _time, _metrics, _logger);
        _running = controller.RunAsync(_stop.Token, _abort.Token);
    }
}
