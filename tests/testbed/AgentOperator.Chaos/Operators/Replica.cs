using System.Text.Json;
using AgentOperator.Api;
using AgentOperator.Caching;
using AgentOperator.Chaos.Agents;
using AgentOperator.Chaos.Cluster;
using AgentOperator.Chaos.Engine;
using AgentOperator.Chaos.Oracles;
using AgentOperator.ControlRuntime;
using AgentOperator.Gateway.Endpoints;
using AgentOperator.Gateway.Identity;
using AgentOperator.Gateway.Models;
using AgentOperator.Journal;
using AgentOperator.Pods;
using AgentOperator.Runs;
using AgentOperator.Runs.Recovery;
using AgentOperator.Runs.Status;
using k8s.Models;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace AgentOperator.Chaos.Operators;

/// <summary>One process of the operator: the real reconciler, journal store and gateway on a simulated API server.</summary>
internal sealed class Replica
{
    private static readonly IOptions<PodOptions> Options = Microsoft.Extensions.Options.Options.Create(new PodOptions
    {
        RunnerImage = "agent-runner:chaos", GatewayUrl = "https://gateway.agents:8443",
    });

    private readonly World _world;
    private readonly GatewayRoutes _routes;
    private readonly WatchCache<AgentRun> _runs;
    private readonly WatchCache<V1Pod> _pods;
    private readonly WatchCache<ModelEndpoint> _endpoints;
    private readonly WatchCache<JournalSegment> _headers;
    private readonly List<Exchange> _exchanges = [];

    public Replica(World world, string name)
    {
        _world = world;
        Process = new SimulatedProcess(world.Simulator, name, world.ClockSkew());
        var time = new ServerClock(Process.Time, NullLogger<ServerClock>.Instance);
        var api = new ApiConnection(world.Simulator, world.Faults, world.Server, Process, time);
        _runs = Cache(world.Server.Runs, run => Enqueue(ObjectKey.Of(run)), ShortRun.Of);
        _pods = Cache(world.Server.Pods, EnqueueOwner, ShortPod.Of);
        _endpoints = Cache(world.Server.Endpoints, _ => { }, endpoint => endpoint);
        _headers = Cache(world.Server.Segments, EnqueueOwner, segment => segment.Metadata.Labels.ContainsKey(Labels.Finished) ? null : segment);

        var runClient = new SimulatedObjectClient<AgentRun>(api, world.Server.Runs) { Delete = world.Server.DeleteRun, WithStatus = WithStatus };
        var podClient = new SimulatedObjectClient<V1Pod>(api, world.Server.Pods) { Create = world.Server.CreatePod, Delete = world.Server.DeletePod };
        var tasks = new TaskResolver(new SimulatedObjectClient<V1ConfigMap>(api, world.Server.ConfigMaps));
        var journal = world.Sabotage.Journal(
            new SegmentJournalStore(new SimulatedSegmentClient(api, _headers, world.Oracles.Journal), time), world.Simulator, Process);
        var memory = new StatusMemory();
        var signs = new LivenessTracker();
        var reconciler = new AgentRunReconciler(
            _runs,
            new SnapshotReader(_pods, _endpoints, journal, podClient, tasks, memory, signs, time),
            new PlanExecutor(journal, podClient, runClient, new PodBuilder(Options, new FixedAuthority()), NullLogger<PlanExecutor>.Instance),
            runClient,
            memory,
            signs,
            new RunEvents(new EventCollector(world.Oracles.Status)),
            world.Metrics.Runs,
            time,
            NullLogger<AgentRunReconciler>.Instance);
        Controller = new ReplicaController(world, Process, reconciler, () => _runs.List().Select(run => ObjectKey.Of(run)));

        var lifetime = new ReplicaLifetime();
        var watched = new LookBeforeSending(journal);
        var provider = new ProviderClient(new ProviderTransport(new ModelTransport(world, Process, watched)), time);
        var paid = new PaidAnswers(time);
        var pipelines = new EndpointPipelines(time, new RetryJitter(world.Simulator.Random.Fork().NextDouble), NullLoggerFactory.Instance);
        var call = new ProviderCall(
            watched, _runs, new SimulatedSecrets(api, World.ApiKey), provider, pipelines,
            world.Metrics.Gateway, time, NullLogger<ProviderCall>.Instance);
        var commit = new AnswerCommit(watched, paid, lifetime, time, NullLogger<AnswerCommit>.Instance);
        var calls = new ModelCalls(
            new AnswerLookup(watched, new SimulatedPeers(world, this), paid), _endpoints, call, paid, commit, world.Metrics.Gateway,
            new AnswersUnderWay(NullLogger<AnswersUnderWay>.Instance), lifetime,
            NullLogger<ModelCalls>.Instance);
        var authenticator = new RunnerAuthenticator(world.Sabotage.Reviewer(new SimulatedTokenReviewer(api), world), _runs, runClient);
        _routes = new GatewayRoutes(
            new RunnerRequests(authenticator, world.Metrics.Gateway, world.Loggers.CreateLogger<RunnerRequests>()),
            [
                new DescribeRunEndpoint(journal, time),
                new ReadJournalEndpoint(journal),
                new AppendRecordsEndpoint(journal, lifetime),
                new HeartbeatEndpoint(journal, new SimulatedHeartbeatWriter(api)),
                new ChatCompletionsEndpoint(calls),
                new PeerAnswerEndpoint(commit),
                new FinishRunEndpoint(journal, lifetime),
            ]);
        Process.Died = why => Die(why);
    }

    public SimulatedProcess Process { get; }

    public ReplicaController Controller { get; }

    /// <summary>Serves a request in this process.</summary>
    /// <param name="request">The request.</param>
    /// <param name="answered">Called in the world when the answer leaves; with null when the process dies first.</param>
    /// <returns>Tells the handler that the client has gone.</returns>
    public Action Serve(GatewayRequest request, Action<GatewayReply?> answered)
    {
        var exchange = new Exchange(answered);
        _exchanges.Add(exchange);
        _world.Simulator.Watch(HandleAsync(request, exchange), $"{request.Method} {request.Path}");
        return exchange.Aborted.Cancel;
    }

    private async Task HandleAsync(GatewayRequest request, Exchange exchange)
    {
        var context = new DefaultHttpContext { RequestAborted = exchange.Aborted.Token };
        context.Request.Method = request.Method;
        context.Request.Path = request.Path;
        context.Request.QueryString = new QueryString(request.Query);
        foreach (var (header, value) in request.Headers)
        {
            context.Request.Headers[header] = value;
        }

        context.Request.ContentLength = request.Body.Length;
        context.Request.Body = new MemoryStream(request.Body);
        using var body = new MemoryStream();
        context.Response.Body = body;
        await _routes.ServeAsync(context);
        _exchanges.Remove(exchange);
        if (exchange.Aborted.IsCancellationRequested)
        {
            return;
        }

        var reply = new GatewayReply(
            context.Response.StatusCode,
            context.Response.Headers.ToDictionary(header => header.Key, header => header.Value.ToString()),
            body.ToArray());
        _world.Oracles.Journal.Answered(request, reply);

        // In an event of its own: a handler that waits for nothing would answer before its caller is connected.
        _world.Simulator.After(TimeSpan.Zero, null, null, () => exchange.Answered(reply));
    }

    private WatchCache<T> Cache<T>(ObjectTable<T> table, Action<T> changed, Func<T, T?> keep)
        where T : class, k8s.IKubernetesObject<V1ObjectMeta> => new(_world.Simulator, _world.Faults, Process, table, changed, keep);

    private AgentRun WithStatus(AgentRun run, JsonElement document)
    {
        var status = document.Deserialize(ApiJson.TypeInfo<AgentRunStatus>())!;
        _world.Oracles.Status.Applied(run, status, Process.Name);
        _world.Simulator.Note($"status of {run.Metadata.Name}: {status.Phase}, attempt {status.Attempt}, sequence {status.Checkpoint?.Sequence}");
        return new AgentRun { Metadata = run.Metadata, Spec = run.Spec, Status = status };
    }

    private void Enqueue(ObjectKey key) => Controller?.Enqueue(key);

    private void EnqueueOwner(k8s.IKubernetesObject<V1ObjectMeta> owned)
    {
        if (owned.Metadata.OwnerReferences?.FirstOrDefault(owner => owner.Controller == true) is { } owner)
        {
            Enqueue(new ObjectKey(owned.Metadata.NamespaceProperty, owner.Name));
        }
    }

    private void Die(string why)
    {
        _world.Simulator.Note($"{Process.Name} dies: {why}");
        _runs.Stop();
        _pods.Stop();
        _endpoints.Stop();
        _headers.Stop();
        foreach (var exchange in _exchanges)
        {
            exchange.Answered(null);
        }

        _world.Operators.Died(this);
    }

    private sealed record Exchange(Action<GatewayReply?> Answered)
    {
        public CancellationTokenSource Aborted { get; } = new();
    }
}
