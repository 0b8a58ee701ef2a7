using Microsoft.Extensions.Time.Testing;

namespace AgentOperator.ControlRuntime.Tests.Queue;

internal sealed class WorkQueueTests
{
    private FakeTimeProvider _time = null!;
    private MetricRecorder _recorder = null!;
    private ControlRuntimeMetrics _metrics = null!;
    private WorkQueue<string> _queue = null!;

    [SetUp]
    public void MakeQueue()
    {
        _time = new FakeTimeProvider();
        _recorder = new MetricRecorder("test");
        _metrics = new ControlRuntimeMetrics();
        var backoff = new KeyBackoff<string>(new ExponentialDelay(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(10), () => 0));
        _queue = new WorkQueue<string>("test", _time, backoff, _metrics, new WorkSignal());
    }

    [TearDown]
    public void DisposeQueue()
    {
        _queue.Dispose();
        _metrics.Dispose();
        _recorder.Dispose();
    }

    [Test]
    public void Add_SameKeyTwice_WaitsOnce()
    {
        _queue.Add("a");
        _queue.Add("a");

        Assert.That(Depth, Is.EqualTo(1));
    }

    [Test]
    public async Task Add_WhileWorkedOn_ComesAgainOnlyAfterDone()
    {
        _queue.Add("a");
        await TakeAsync();

        _queue.Add("a");
        _queue.Add("a");
        var whileWorkedOn = Depth;
        _queue.Done("a");

        Assert.Multiple(() =>
        {
            Assert.That(whileWorkedOn, Is.Zero);
            Assert.That(Depth, Is.EqualTo(1));
        });
    }

    [Test]
    public async Task Done_NothingAddedMeanwhile_IsForgotten()
    {
        _queue.Add("a");
        await TakeAsync();

        _queue.Done("a");

        Assert.That(Depth, Is.Zero);
    }

    [Test]
    public void Done_KeyThatNobodyTook_Throws() => Assert.That(() => _queue.Done("a"), Throws.InvalidOperationException);

    [Test]
    public async Task TakeAsync_ChangesBesideTheInitialList_AreTakenFirst()
    {
        _queue.Add("listed-1", WorkPriority.Low);
        _queue.Add("listed-2", WorkPriority.Low);
        _queue.Add("changed");

        Assert.That(await TakeAllAsync(), Is.EqualTo(["changed", "listed-1", "listed-2"]));
    }

    [Test]
    public async Task Add_ListedKeyChanges_IsRaised()
    {
        _queue.Add("listed-1", WorkPriority.Low);
        _queue.Add("listed-2", WorkPriority.Low);
        _queue.Add("listed-2");

        Assert.That(await TakeAllAsync(), Is.EqualTo(["listed-2", "listed-1"]));
    }

    [Test]
    public async Task TakeAsync_ManyChanges_DoNotStarveTheInitialList()
    {
        _queue.Add("listed", WorkPriority.Low);
        for (var i = 0; i < 40; i++)
        {
            _queue.Add($"changed-{i}");
        }

        Assert.That((await TakeAllAsync()).IndexOf("listed"), Is.LessThan(20));
    }

    [Test]
    public async Task TakeAsync_ChangedWhileWorkedOn_KeepsTheHigherPriority()
    {
        _queue.Add("a");
        await TakeAsync();
        _queue.Add("a");
        _queue.Add("a", WorkPriority.Low);
        _queue.Add("listed", WorkPriority.Low);

        _queue.Done("a");

        Assert.That(await TakeAllAsync(), Is.EqualTo(["a", "listed"]));
    }

    [Test]
    public void AddAfter_TimeNotOver_DoesNotWaitYet()
    {
        _queue.AddAfter("a", TimeSpan.FromSeconds(5));
        _time.Advance(TimeSpan.FromSeconds(4.9));
        var before = Depth;
        _time.Advance(TimeSpan.FromSeconds(0.1));

        Assert.Multiple(() =>
        {
            Assert.That(before, Is.Zero);
            Assert.That(Depth, Is.EqualTo(1));
        });
    }

    [Test]
    public async Task AddAfter_SeveralTimes_TheEarliestCountsOnce()
    {
        _queue.AddAfter("a", TimeSpan.FromSeconds(5));
        _queue.AddAfter("a", TimeSpan.FromSeconds(2));
        _queue.AddAfter("a", TimeSpan.FromSeconds(9));
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.That(await TakeAsync(), Is.EqualTo("a"));
        _queue.Done("a");

        _time.Advance(TimeSpan.FromSeconds(20));

        Assert.That(Depth, Is.Zero);
    }

    [Test]
    public void AddAfter_LongerThanATimerTakes_StillComes()
    {
        _queue.AddAfter("a", TimeSpan.FromDays(60));

        for (var day = 0; day < 60; day++)
        {
            _time.Advance(TimeSpan.FromDays(1));
        }

        Assert.That(Depth, Is.EqualTo(1));
    }

    [Test]
    public void AddRateLimited_RepeatedFailures_DoubleUpToTheCapEachKeyForItself()
    {
        var delays = Enumerable.Range(0, 6).Select(_ => _queue.AddRateLimited("a").TotalSeconds).ToList();

        Assert.Multiple(() =>
        {
            Assert.That(delays, Is.EqualTo([1, 2, 4, 8, 10, 10]));
            Assert.That(_queue.AddRateLimited("b").TotalSeconds, Is.EqualTo(1));
        });
    }

    [Test]
    public void Forget_AfterFailures_StartsTheBackoffAnew()
    {
        _queue.AddRateLimited("a");
        _queue.AddRateLimited("a");

        _queue.Forget("a");

        Assert.That(_queue.AddRateLimited("a").TotalSeconds, Is.EqualTo(1));
    }

    [Test]
    public async Task ShutDown_WaitingWorkers_AllReturn()
    {
        var workers = Enumerable.Range(0, 5).Select(_ => _queue.TakeAsync().AsTask()).ToList();

        _queue.ShutDown();

        var taken = await Task.WhenAll(workers).WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System);
        Assert.That(taken.Select(item => item.Taken), Is.All.False);
    }

    [Test]
    public async Task ShutDown_KeysWait_NoneIsTakenAndNoneIsAdded()
    {
        _queue.Add("a");
        _queue.AddAfter("b", TimeSpan.FromSeconds(1));

        _queue.ShutDown();
        _queue.Add("c");
        _time.Advance(TimeSpan.FromSeconds(2));

        Assert.That(Depth, Is.Zero);
        Assert.That((await _queue.TakeAsync()).Taken, Is.False);
    }

    [Test]
    public async Task TakeAsync_ManyWorkersAndProducers_NoKeyIsWorkedOnTwiceAtOnceAndTheLastAddIsSeen()
    {
        const int Keys = 20;
        const int Rounds = 500;
        var added = new int[Keys];
        var seen = new int[Keys];
        var working = new int[Keys];
        var overlaps = 0;
        var workers = Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            while (await _queue.TakeAsync() is (true, var key))
            {
                var index = int.Parse(key, System.Globalization.CultureInfo.InvariantCulture);
                if (Interlocked.Increment(ref working[index]) != 1)
                {
                    Interlocked.Increment(ref overlaps);
                }

                await Task.Yield();
                Volatile.Write(ref seen[index], Volatile.Read(ref added[index]));
                Interlocked.Decrement(ref working[index]);
                _queue.Done(key);
            }
        })).ToList();

        await Task.WhenAll(Enumerable.Range(0, Keys).Select(index => Task.Run(async () =>
        {
            for (var round = 0; round < Rounds; round++)
            {
                Interlocked.Increment(ref added[index]);
                _queue.Add($"{index}", round % 2 == 0 ? WorkPriority.Low : WorkPriority.Normal);
                if (round % 50 == 0)
                {
                    await Task.Yield();
                }
            }
        })));
        await Eventually.TrueAsync("every key's last state is seen", () => seen.All(count => count == Rounds));
        _queue.ShutDown();
        await Task.WhenAll(workers);

        Assert.That(overlaps, Is.Zero);
    }

    /// <summary>Keys that wait for a worker.</summary>
    private double Depth => _recorder["workqueue_depth"];

    private async Task<string> TakeAsync() => (await _queue.TakeAsync()).Key;

    private async Task<List<string>> TakeAllAsync()
    {
        List<string> taken = [];
        while (Depth > 0)
        {
            taken.Add(await TakeAsync());
        }

        return taken;
    }
}
