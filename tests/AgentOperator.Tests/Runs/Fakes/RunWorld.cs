using System.Diagnostics.Metrics;
using System.Text.Json;
using AgentOperator.Api;
using AgentOperator.Caching;
using AgentOperator.ControlRuntime;
using AgentOperator.Journal;
using AgentOperator.Journal.Tests;
using AgentOperator.Pods;
using AgentOperator.Protocol;
using AgentOperator.Runs;
using AgentOperator.Runs.Recovery;
using AgentOperator.Runs.Status;
using AgentOperator.Tests.Fakes;
using k8s.Models;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace AgentOperator.Tests.Runs;

/// <summary>
/// A cluster in memory around the real reconciler: the server's objects, the caches that follow them when told, the journal on its real store,
/// and a hand on what pods and agents do. The operator can die at any of its writes and be started again.
/// </summary>
internal sealed class RunWorld : IDisposable
{
    private readonly SegmentJournalStore _store;
    private readonly ServiceProvider _meters = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private FakeLister<AgentRun> _runCache = new() { Filed = RunIndex.EndpointOf };
    private FakeLister<V1Pod> _podCache = new();
    private AgentRunReconciler _reconciler;

    public RunWorld(AgentRunBuilder? run = null, CrashPoint? crash = null)
    {
        Crash = crash ?? new CrashPoint(write: null, after: false);
        _store = new SegmentJournalStore(Segments, Time);
        Runs = new FakeObjectClient<AgentRun>(Crash, ApiJson.Options);
        Runs.Put((run ?? new AgentRunBuilder()).Build());
        Pods = new FakeObjectClient<V1Pod>(Crash) { Creating = Created, Deleting = Deleted };
        Endpoints.Put(
            new ModelEndpoint
            {
                Metadata = new V1ObjectMeta { Name = "openai", NamespaceProperty = AgentRunBuilder.Namespace },
                Spec = new ModelEndpointSpec { BaseUrl = "http://model" },
            });
        _reconciler = Start();
    }

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));

    public CrashPoint Crash { get; }

    public FakeObjectClient<AgentRun> Runs { get; }

    public FakeObjectClient<V1Pod> Pods { get; }

    public FakeObjectClient<V1ConfigMap> ConfigMaps { get; } = new();

    /// <summary>Most pods of which the container could run at the same time.</summary>
    public int MostAlive { get; private set; }

    public FakeEvents Events { get; } = new();

    /// <summary>What the reconciler logs.</summary>
    public FakeLogger<AgentRunReconciler> Log { get; } = new();

    public InMemorySegmentClient Segments { get; } = new();

    public FakeLister<ModelEndpoint> Endpoints { get; } = new();

    /// <summary>Whether reads of the journal fail.</summary>
    public bool IsApiServerDown { get; set; }

    /// <summary>Whether the run was deleted.</summary>
    public bool IsDeleted => !Runs.Has(AgentRunBuilder.Name);

    public AgentRun Run => Runs[AgentRunBuilder.Name];

    public AgentRunStatus Status => IsDeleted ? new AgentRunStatus() : Run.Status ?? new AgentRunStatus();

    public IReadOnlyList<string?> Outcomes => [.. (Status.Attempts ?? []).Select(attempt => attempt.Outcome)];

    private static RunIdentity Identity => new(AgentRunBuilder.Namespace, AgentRunBuilder.Name, AgentRunBuilder.Uid);

    public static PodBuilder PodBuilder() => new(
        Options.Create(new PodOptions { RunnerImage = "runner:1", GatewayUrl = "https://gateway:8443" }),
        new Authority());

    /// <summary>Changes the run on the server, as a user or a status write does.</summary>
    public void ChangeRun(Action<AgentRun> change) => Runs.Change(AgentRunBuilder.Name, run =>
    {
        var changed = new AgentRun { Metadata = run.Metadata with { }, Spec = run.Spec, Status = run.Status };
        change(changed);
        return changed;
    });

    /// <summary>Changes the spec on the server, which makes a new generation.</summary>
    public void ChangeSpec(Func<AgentRunSpec, AgentRunSpec> change) => ChangeRun(run =>
    {
        run.Spec = change(run.Spec);
        run.Metadata.Generation++;
    });

    /// <summary>Lets the caches catch up with the server.</summary>
    public void Sync()
    {
        SyncRun();
        SyncPods();
    }

    public void SyncRun()
    {
        _runCache.Remove(new ObjectKey(AgentRunBuilder.Namespace, AgentRunBuilder.Name));
        if (!IsDeleted)
        {
            _runCache.Put(ShortRun.Of(Run));
        }
    }

    public void SyncPods()
    {
        foreach (var pod in _podCache.List())
        {
            _podCache.Remove(ObjectKey.Of(pod));
        }

        foreach (var pod in Pods.All)
        {
            _podCache.Put(pod);
        }
    }

    /// <summary>One reconcile on the caches as they are.</summary>
    public Task<Result> ReconcileAsync() =>
        _reconciler.ReconcileAsync(new ObjectKey(AgentRunBuilder.Namespace, AgentRunBuilder.Name), CancellationToken.None);

    /// <summary>
    /// Reconciles, with caches that are up to date, until nothing changes any more. A death of the operator is followed by a new one.
    /// </summary>
    public async Task SettleAsync()
    {
        for (var turn = 0; turn < 30; turn++)
        {
            Sync();
            var done = Crash.Done;
            try
            {
                var result = await ReconcileAsync();
                if (Crash.Done == done && result.RequeueAfter != TimeSpan.Zero)
                {
                    return;
                }
            }
            catch (CrashException)
            {
                Restart();
            }
        }

        Assert.Fail("the run does not settle");
    }

    /// <summary>A new operator process: nothing is remembered.</summary>
    public void Restart()
    {
        _runCache = new FakeLister<AgentRun> { Filed = RunIndex.EndpointOf };
        _podCache = new FakeLister<V1Pod>();
        _reconciler = Start();
    }

    public async Task AdvanceAsync(TimeSpan time)
    {
        Time.Advance(time);
        await SettleAsync();
    }

    /// <summary>The kubelet starts the current attempt's pod.</summary>
    public async Task StartPodAsync()
    {
        Pods.Change(Status.Pod!, pod => PodState.Running(pod, Time.GetUtcNow()));
        await SettleAsync();
    }

    /// <summary>The current attempt's agent commits a model answer.</summary>
    public async Task CommitAsync()
    {
        var payload = JsonSerializer.SerializeToElement(
            new ModelAnswerPayload { Model = "gpt-x", FinishReason = "stop", Usage = new TokenUsage(10, 5, 0) },
            ProtocolJson.Default.ModelAnswerPayload);
        await AppendAsync(new NewRecord(RecordKinds.ModelAnswer, payload, "key"));
    }

    /// <summary>The current attempt's agent commits a model answer that asks for tool calls.</summary>
    public Task CommitCallsAsync(params IReadOnlyList<string> callIds) => AppendAsync(new NewRecord(
        RecordKinds.ModelAnswer, JsonSerializer.SerializeToElement(RecordedTurn.Answer(callIds), ProtocolJson.Default.ModelAnswerPayload), "key"));

    /// <summary>The current attempt's agent commits that it goes on without a tool.</summary>
    public Task LeaveOutAsync(string tool, string reason) => AppendAsync(new NewRecord(RecordKinds.ToolsLeftOut, JsonSerializer.SerializeToElement(
        new ToolsLeftOutPayload { Tools = [new LeftOutTool { Tool = tool, Reason = reason }] }, ProtocolJson.Default.ToolsLeftOutPayload)));

    /// <summary>The current attempt's agent commits the run's end and exits.</summary>
    public async Task SucceedAsync()
    {
        var end = new RunFinishedPayload { Outcome = RunOutcome.Succeeded, Reason = Reasons.Completed, Result = "Done." };
        await AppendAsync(new NewRecord(RecordKinds.RunFinished, JsonSerializer.SerializeToElement(end, ProtocolJson.Default.RunFinishedPayload)));
        await EndPodAsync(pod => PodState.Exited(pod, 0, Time.GetUtcNow()));
    }

    /// <summary>The current attempt's pod changes.</summary>
    public async Task EndPodAsync(Func<V1Pod, V1Pod> change)
    {
        Pods.Change(Status.Pod!, change);
        await SettleAsync();
    }

    public async Task<JournalHead?> HeadAsync() => await _store.ReadHeadAsync(Identity, CancellationToken.None);

    public async Task<IReadOnlyList<JournalRecord>> RecordsAsync() =>
        (await _store.ReadAsync(Identity, 0, int.MaxValue, CancellationToken.None)).Records;

    public void Dispose()
    {
        _store.Dispose();
        _meters.Dispose();
    }

    private async Task AppendAsync(NewRecord record)
    {
        var head = (await HeadAsync())!;
        await _store.AppendAsync(
            Identity, new Writer(Status.Attempt!.Value, Pods[Status.Pod!].Metadata.Uid), head.Sequence, [record], CancellationToken.None);
    }

    private V1Pod Created(V1Pod pod)
    {
        var created = pod with
        {
            Metadata = pod.Metadata with { CreationTimestamp = Time.GetUtcNow().UtcDateTime },
            Status = new V1PodStatus { Phase = "Pending" },
        };
        MostAlive = Math.Max(MostAlive, Pods.All.Append(created).Count(known => PodFacts.IsAlive(known, Time.GetUtcNow())));
        return created;
    }

    /// <summary>A pod that runs nothing goes at once; another gets its grace, and a test ends it.</summary>
    private V1Pod? Deleted(V1Pod pod) => PodFacts.RunningSince(pod) is null ? null : PodState.Deleting(pod, Time.GetUtcNow().AddSeconds(30));

    private AgentRunReconciler Start()
    {
        var journal = new CrashingJournal(_store, this);
        var (memory, signs) = (new StatusMemory(), new LivenessTracker());
        return new AgentRunReconciler(
            _runCache,
            new SnapshotReader(_podCache, Endpoints, _runCache, journal, Pods, new TaskResolver(ConfigMaps), memory, signs, Time),
            new PlanExecutor(journal, Pods, Runs, PodBuilder(), NullLogger<PlanExecutor>.Instance),
            Runs,
            memory,
            signs,
            new RunEvents(Events),
            new RunMetrics(_meters.GetRequiredService<IMeterFactory>(), _runCache),
            Time,
            Log);
    }

    private sealed class Authority : IGatewayAuthority
    {
        public string CertificatePem => "-----BEGIN CERTIFICATE-----\nMA==\n-----END CERTIFICATE-----\n";
    }
}
