using System.Globalization;
using System.Text;
using AgentOperator.Api;
using AgentOperator.ControlRuntime;
using AgentOperator.Gateway.Models;
using AgentOperator.Gateway.Peers;
using AgentOperator.Runs;
using AgentOperator.Tests.Runs;
using k8s.Models;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Time.Testing;

namespace AgentOperator.Tests.Outages;

/// <summary>
/// Runs of one ModelEndpoint and two replicas of the operator as it is delivered, of which the first leads. Time passes second by second, and
/// everything that is due happens before the next.
/// </summary>
internal sealed class OutageWorld : IDisposable
{
    public const string Endpoint = "openai";
    public const string Secret = "provider-key";

    private readonly FakeConnection _connection = new(new FakeKubernetes());
    private readonly List<ServiceProvider> _replicas = [];
    private readonly Dictionary<ObjectKey, DateTimeOffset> _due = [];
    private readonly List<SimpleAgent> _agents = [];
    private readonly List<ObjectKey> _keys = [new(AgentRunBuilder.Namespace, Endpoint)];
    private long _seen;
    private long _started;

    public OutageWorld(int runs, Func<int, string>? model = null)
    {
        Provider = new FailingProvider(Time);
        Pods.Creating = pod => pod with
        {
            Metadata = pod.Metadata with { CreationTimestamp = Time.GetUtcNow().UtcDateTime }, Status = new V1PodStatus { Phase = "Pending" },
        };
        Endpoints.Put(new ModelEndpoint
        {
            Metadata = new V1ObjectMeta { Name = Endpoint, NamespaceProperty = AgentRunBuilder.Namespace, Uid = "endpoint-uid", Generation = 1 },
            Spec = new ModelEndpointSpec
            {
                BaseUrl = "https://model", MaxRetries = 0, ApiKeySecretRef = new SecretKeyReference { Name = Secret, Key = "key" },
            },
        });
        ChangeKey("old");
        for (var number = 1; number <= runs; number++)
        {
            var run = NewRun(number, model?.Invoke(number) ?? "gpt-x");
            Runs.Put(run);
            _keys.Add(ObjectKey.Of(run));
        }

        for (var replica = 0; replica < 2; replica++)
        {
            _replicas.Add(OperatorServices.Operator(new FakeConnection(_connection.Server), Time, services => services
                .AddSingleton<IHostApplicationLifetime, ApplicationLifetime>()
                .AddSingleton(new ProviderTransport(Provider))
                .AddSingleton<IEventRecorder>(Events)
                .AddSingleton<IGatewayPeers, NoPeers>()));
        }
    }

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));

    public FailingProvider Provider { get; }

    public FakeEvents Events { get; } = new();

    public FakeObjects<AgentRun> Runs => new(_connection);

    public FakeObjects<V1Pod> Pods => new(_connection);

    public FakeObjects<ModelEndpoint> Endpoints => new(_connection);

    public IReadOnlyList<AgentRunStatus> Statuses => [.. Runs.All.Select(run => run.Status ?? new AgentRunStatus())];

    public ModelEndpointStatus EndpointStatus => Endpoints[Endpoint].Status ?? new ModelEndpointStatus();

    public Condition Available => EndpointStatus.FindCondition(ConditionTypes.Available)!;

    /// <summary>The pods that work.</summary>
    public int AtWork => _agents.Count;

    /// <summary>Writes the Secret.</summary>
    /// <param name="key">The provider's key.</param>
    /// <param name="type">The Secret's type.</param>
    /// <param name="hosts">The hosts that it names; null for no annotation.</param>
    public void ChangeKey(string key, string type = ApiConstants.ModelKeySecretType, string? hosts = null) =>
        new FakeObjects<V1Secret>(_connection).Put(new V1Secret
        {
            Metadata = new V1ObjectMeta
            {
                Name = Secret, Annotations = hosts is null ? null : new Dictionary<string, string> { [Annotations.EndpointHost] = hosts },
            },
            Type = type,
            Data = new Dictionary<string, byte[]> { ["key"] = Encoding.UTF8.GetBytes(key) },
        });

    public void ChangeEndpoint(Func<ModelEndpointSpec, ModelEndpointSpec> change) => Endpoints.Change(Endpoint, endpoint =>
    {
        endpoint.Spec = change(endpoint.Spec);
        endpoint.Metadata.Generation++;
        return endpoint;
    });

    public async Task PassAsync(TimeSpan time)
    {
        for (var end = Time.GetUtcNow() + time; Time.GetUtcNow() < end;)
        {
            await SecondAsync();
        }
    }

    /// <summary>Lets time pass until something is so.</summary>
    /// <returns>How long it took.</returns>
    public async Task<TimeSpan> PassUntilAsync(Func<bool> isSo, TimeSpan atMost)
    {
        var start = Time.GetUtcNow();
        while (!isSo())
        {
            Assert.That(Time.GetUtcNow() - start, Is.LessThan(atMost), "it takes too long");
            await SecondAsync();
        }

        return Time.GetUtcNow() - start;
    }

    public void Dispose() => _replicas.ForEach(replica => replica.Dispose());

    private static AgentRun NewRun(int number, string model)
    {
        var run = new AgentRunBuilder().Spec(spec => spec with { Model = spec.Model with { Name = model } }).Build();
        run.Metadata = run.Metadata with
        {
            Name = $"run-{number:00}", Uid = $"00000000-0000-4000-8000-{number:000000000000}", ResourceVersion = null,
            CreationTimestamp = new DateTime(2026, 3, 1, 11, number, 0, DateTimeKind.Utc),
        };
        return run;
    }

    private async Task SecondAsync()
    {
        await ReconcileAsync();
        StartPods();
        foreach (var agent in _agents.ToList())
        {
            if (await agent.ActAsync(Time.GetUtcNow()) is { } end)
            {
                _agents.Remove(agent);
                Pods.Change(agent.Pod, end);
            }
        }

        await ReconcileAsync();
        Time.Advance(TimeSpan.FromSeconds(1));
    }

    /// <summary>Reconciles what is due, with caches that are up to date, until nothing changes any more.</summary>
    private async Task ReconcileAsync()
    {
        for (var round = 0; round < 20; round++)
        {
            if (_seen != _connection.Server.Cluster.Version)
            {
                _seen = _connection.Server.Cluster.Version;
                _due.Clear();
                foreach (var replica in _replicas)
                {
                    await SyncAsync(replica);
                }
            }

            var due = _keys.Where(key => _due.GetValueOrDefault(key) <= Time.GetUtcNow()).ToList();
            if (due.Count == 0)
            {
                return;
            }

            foreach (var key in due)
            {
                IReconciler reconciler = key.Name == Endpoint
                    ? _replicas[0].GetRequiredService<EndpointReconciler>()
                    : _replicas[0].GetRequiredService<AgentRunReconciler>();
                var result = await reconciler.ReconcileAsync(key, default);
                _due[key] = result.RequeueAfter is { } after ? Time.GetUtcNow() + after : DateTimeOffset.MaxValue;
            }
        }

        Assert.Fail("the runs do not settle");
    }

    private static async Task SyncAsync(IServiceProvider replica)
    {
        await replica.SyncAsync<AgentRun>();
        await replica.SyncAsync<V1Pod>();
        await replica.SyncAsync<JournalSegmentHeader>();
        await replica.SyncAsync<ModelEndpoint>();
    }

    private void StartPods()
    {
        if (_started == _connection.Server.Cluster.Version)
        {
            return;
        }

        foreach (var pod in Pods.All.Where(pod => pod.Status.Phase == "Pending"))
        {
            var run = Runs[pod.Metadata.OwnerReferences[0].Name];
            Pods.Change(pod.Metadata.Name, started => PodState.Running(started, Time.GetUtcNow()));
            var attempt = int.Parse(pod.Metadata.Labels[Labels.Attempt], CultureInfo.InvariantCulture);
            _agents.Add(new SimpleAgent(run, pod, attempt, _replicas[_agents.Count % _replicas.Count]));
        }

        _started = _connection.Server.Cluster.Version;
    }
}
