using System.Text.Json;
using AgentOperator.Api;
using AgentOperator.ControlRuntime;
using AgentOperator.Journal;
using AgentOperator.Pods;
using AgentOperator.Protocol;
using AgentOperator.Runs;
using k8s.Models;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace AgentOperator.Tests.Runs;

/// <summary>
/// The operator on an API server in memory: its caches follow when told, and a test plays what kubelets and agents do. The operator can die at
/// any of its writes and be started again.
/// </summary>
internal sealed class RunWorld : IDisposable
{
    private static readonly ObjectKey Key = new(AgentRunBuilder.Namespace, AgentRunBuilder.Name);
    private static readonly RunIdentity Identity = new(AgentRunBuilder.Namespace, AgentRunBuilder.Name, AgentRunBuilder.Uid);

    private readonly FakeConnection _connection = new(new FakeKubernetes());
    private readonly ServiceProvider _gateway;
    private ServiceProvider _operator;

    public RunWorld(AgentRunBuilder? run = null, CrashPoint? crash = null)
    {
        Crash = crash ?? new CrashPoint(write: null, after: false);
        _connection.Route = Pass;
        Pods.Creating = Created;
        Pods.Deleting = Deleted;
        Runs.Put((run ?? new AgentRunBuilder()).Build());
        Endpoints.Put(
            new ModelEndpoint
            {
                Metadata = new V1ObjectMeta { Name = "openai", NamespaceProperty = AgentRunBuilder.Namespace },
                Spec = new ModelEndpointSpec { BaseUrl = "http://model" },
            });
        _gateway = OperatorServices.Operator(new FakeConnection(_connection.Server), Time);
        _operator = Start();
    }

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));

    public CrashPoint Crash { get; }

    public FakeObjects<AgentRun> Runs => new(_connection);

    public FakeObjects<V1Pod> Pods => new(_connection);

    public FakeObjects<JournalSegment> Segments => new(_connection);

    public FakeObjects<V1ServiceAccount> Accounts => new(_connection);

    public FakeObjects<V1ConfigMap> ConfigMaps => new(_connection);

    public FakeObjects<ModelEndpoint> Endpoints => new(_connection);

    /// <summary>Called before the operator is told of a pod that it asked for.</summary>
    public Action WhenAPodIsRead { get; set; } = () => { };

    /// <summary>Called before the server is asked to create a pod.</summary>
    public Action WhenAPodIsCreated { get; set; } = () => { };

    /// <summary>The most pods that were alive at the same time.</summary>
    public int MostAlive { get; private set; }

    public FakeEvents Events { get; } = new();

    /// <summary>What the reconciler logs.</summary>
    public RecordingLogger<AgentRunReconciler> Log { get; } = new();

    /// <summary>What a request of the operator throws; null if it is answered.</summary>
    public Func<FakeRequest, Exception?> Fault { get; set; } = _ => null;

    /// <summary>Whether the API server does not answer the operator.</summary>
    public bool IsApiServerDown { get; set; }

    /// <summary>Whether the run was deleted.</summary>
    public bool IsDeleted => !Runs.Has(AgentRunBuilder.Name);

    public AgentRun Run => Runs[AgentRunBuilder.Name];

    public AgentRunStatus Status => IsDeleted ? new AgentRunStatus() : Run.Status ?? new AgentRunStatus();

    public IReadOnlyList<string?> Outcomes => [.. (Status.Attempts ?? []).Select(attempt => attempt.Outcome)];

    private IJournalStore Journal => _gateway.GetRequiredService<IJournalStore>();

    /// <summary>What makes pods, as the operator has it.</summary>
    public static PodBuilder PodBuilder()
    {
        using var services = OperatorServices.Operator(new FakeConnection(new FakeKubernetes()), TimeProvider.System);
        return services.GetRequiredService<PodBuilder>();
    }

    /// <summary>Changes the run on the server, as a user or a status write does.</summary>
    public void ChangeRun(Action<AgentRun> change) => Runs.Change(AgentRunBuilder.Name, run =>
    {
        change(run);
        return run;
    });

    /// <summary>Changes the spec on the server, which makes a new generation.</summary>
    public void ChangeSpec(Func<AgentRunSpec, AgentRunSpec> change) => ChangeRun(run =>
    {
        run.Spec = change(run.Spec);
        run.Metadata.Generation++;
    });

    /// <summary>Lets all caches catch up with the server.</summary>
    public async Task SyncAsync()
    {
        await SyncAsync<AgentRun>();
        await SyncAsync<V1Pod>();
        await SyncAsync<JournalSegmentHeader>();
        await SyncAsync<ModelEndpoint>();
    }

    public Task SyncAsync<T>()
        where T : k8s.IKubernetesObject<V1ObjectMeta> => _operator.SyncAsync<T>();

    /// <summary>One reconcile on the caches as they are.</summary>
    public Task<Result> ReconcileAsync() => _operator.GetRequiredService<AgentRunReconciler>().ReconcileAsync(Key, CancellationToken.None);

    /// <summary>One reconcile as the controller runs it, with caches that are up to date.</summary>
    public async Task<Result> ReconcileAndReportAsync()
    {
        await SyncAsync();
        return await _operator.GetRequiredService<ReportedFailures>().ReconcileAsync(Key, CancellationToken.None);
    }

    /// <summary>
    /// Reconciles, with caches that are up to date, until nothing changes any more. A death of the operator is followed by a new one.
    /// </summary>
    public async Task SettleAsync()
    {
        for (var turn = 0; turn < 30; turn++)
        {
            await SyncAsync();
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
        _operator.Dispose();
        _operator = Start();
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
    /// <param name="change">What else becomes of its pod.</param>
    public async Task SucceedAsync(Func<V1Pod, V1Pod>? change = null)
    {
        await FinishAsync();
        await EndPodAsync(pod => change is null ? PodState.Exited(pod, 0, Time.GetUtcNow()) : change(PodState.Exited(pod, 0, Time.GetUtcNow())));
    }

    /// <summary>The current attempt's agent commits the run's end.</summary>
    public Task FinishAsync()
    {
        var end = new RunFinishedPayload { Outcome = RunOutcome.Succeeded, Reason = Reasons.Completed, Result = "Done." };
        return AppendAsync(new NewRecord(RecordKinds.RunFinished, JsonSerializer.SerializeToElement(end, ProtocolJson.Default.RunFinishedPayload)));
    }

    /// <summary>The current attempt's pod changes.</summary>
    public async Task EndPodAsync(Func<V1Pod, V1Pod> change)
    {
        Pods.Change(Status.Pod!, change);
        await SettleAsync();
    }

    /// <summary>Another leader claims an epoch.</summary>
    public Task ClaimAsync(int epoch, string pod, string podUid) => Journal.ClaimEpochAsync(Identity, epoch, pod, podUid, CancellationToken.None);

    public async Task<JournalHead?> HeadAsync() => await Journal.ReadHeadAsync(Identity, CancellationToken.None);

    public async Task<IReadOnlyList<JournalRecord>> RecordsAsync() =>
        (await Journal.ReadAsync(Identity, 0, int.MaxValue, CancellationToken.None)).Records;

    public void Dispose()
    {
        _operator.Dispose();
        _gateway.Dispose();
    }

    private async Task AppendAsync(NewRecord record)
    {
        var head = (await HeadAsync())!;
        var writer = new Writer(Status.Attempt!.Value, Pods[Status.Pod!].Metadata.Uid);
        await Journal.AppendAsync(Identity, writer, head.Sequence, [record], CancellationToken.None);
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

    /// <summary>Removes a pod that runs nothing at once. Any other pod gets its grace period, and a test ends it.</summary>
    private V1Pod? Deleted(V1Pod pod) => PodFacts.RunningSince(pod) is null
        ? null
        : PodState.Deleting(pod, Time.GetUtcNow().AddSeconds(pod.Metadata.DeletionGracePeriodSeconds ?? 30));

    private FakeAnswer Pass(FakeRequest request, Func<FakeAnswer> answer)
    {
        if (IsApiServerDown)
        {
            throw new HttpRequestException("the API server does not answer");
        }

        if (Fault(request) is { } fault)
        {
            throw fault;
        }

        if (request is { Method: "GET", Target: { Name.Length: > 0 } target } && target.Resource.EndsWith("/pods", StringComparison.Ordinal))
        {
            WhenAPodIsRead();
        }

        if (request is { Method: "POST", Target.Resource: "api/v1/pods" })
        {
            WhenAPodIsCreated();
        }

        return Crash.Pass(request, answer);
    }

    private ServiceProvider Start() => OperatorServices.Operator(_connection, Time, services => services
        .AddSingleton<IEventRecorder>(Events)
        .AddSingleton<ILogger<AgentRunReconciler>>(Log));
}
