using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AgentOperator.Api;
using AgentOperator.Gateway;
using AgentOperator.Gateway.Endpoints;
using AgentOperator.Gateway.Identity;
using AgentOperator.Gateway.Models;
using AgentOperator.Gateway.Peers;
using AgentOperator.Journal;
using AgentOperator.ModelServer;
using AgentOperator.Protocol;
using AgentOperator.Tests.Runs;
using k8s.Models;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AgentOperator.Tests.Gateway;

/// <summary>The gateway as it is delivered on a loopback port, with a scripted model behind it, on an API server in memory.</summary>
internal sealed class GatewayWorld : IAsyncDisposable
{
    public const string ApiKey = "sk-only-the-gateway-knows";

    private readonly FakeConnection _connection = new(new FakeKubernetes());
    private readonly List<WebApplication> _replicas = [];

    public RunIdentity Run { get; } = new(AgentRunBuilder.Namespace, "survey", "0a1b2c3d-0000-4000-8000-000000000001");

    public FakeObjects<AgentRun> Runs => new(_connection);

    public FakeObjects<V1Pod> Pods => new(_connection);

    public FakeObjects<ModelEndpoint> Endpoints => new(_connection);

    public FakeObjects<JournalSegment> Segments => new(_connection);

    public FakeObjects<V1Secret> Secrets => new(_connection);

    public FakeTokens Tokens { get; } = new();

    /// <summary>The token of the first attempt.</summary>
    public string Token { get; private set; } = null!;

    public ModelServerHost Model { get; private set; } = null!;

    public HttpClient Http { get; private set; } = null!;

    /// <summary>A second replica of the gateway; present after <see cref="AddReplicaAsync"/>.</summary>
    public HttpClient OtherHttp { get; private set; } = null!;

    public IJournalStore Journal => Services.GetRequiredService<IJournalStore>();

    /// <summary>What the first replica is made of.</summary>
    public IServiceProvider Services => _replicas[0].Services;

    /// <summary>The second replica's journal.</summary>
    public IJournalStore OtherJournal => _replicas[1].Services.GetRequiredService<IJournalStore>();

    /// <summary>Whether an attempt's pod shows that its agent is alive.</summary>
    public bool HasHeartbeat(int epoch) => HasAnnotation(epoch, Annotations.Heartbeat);

    /// <summary>Whether an attempt's pod has an annotation.</summary>
    public bool HasAnnotation(int epoch, string annotation) =>
        Pods[$"{Run.Name}-{epoch}"].Metadata.Annotations?.ContainsKey(annotation) == true;

    /// <summary>Starts the gateway, and a run's first attempt, whose epoch the operator has claimed unless the test wants otherwise.</summary>
    public static async Task<GatewayWorld> StartAsync(string scenario, LimitsSpec? limits = null, string? secret = ApiKey, bool claim = true)
    {
        var world = new GatewayWorld { Model = await ModelServerHost.StartAsync(new ModelServerOptions { ApiKey = ApiKey }) };
        world.Model.PutScenario("test-model", scenario);
        var spec = new AgentRunSpec
        {
            Task = "count",
            Model = new ModelSpec { EndpointRef = new LocalReference { Name = "provider" }, Name = "test-model" },
            Limits = limits ?? new LimitsSpec(),
        };
        world.Runs.Put(new AgentRun
        {
            Metadata = new V1ObjectMeta { Name = world.Run.Name, NamespaceProperty = world.Run.Namespace, Uid = world.Run.Uid, Generation = 1 },
            Spec = spec,
        });
        world.Endpoints.Put(new ModelEndpoint
        {
            Metadata = new V1ObjectMeta { Name = "provider", NamespaceProperty = world.Run.Namespace },
            Spec = new ModelEndpointSpec
            {
                BaseUrl = new Uri(world.Model.BaseUri, "v1").ToString(),
                ApiKeySecretRef = new SecretKeyReference { Name = "provider-key", Key = "key" },
                AllowPlainHttp = true,
            },
        });
        if (secret is not null)
        {
            world.Secrets.Put(new V1Secret
            {
                Metadata = new V1ObjectMeta { Name = "provider-key" },
                Type = ApiConstants.ModelKeySecretType,
                Data = new Dictionary<string, byte[]> { ["key"] = Encoding.UTF8.GetBytes(secret) },
            });
        }

        world.Http = await world.StartReplicaAsync(world._connection);
        await world.Journal.StartAsync(world.Run, FrozenSpec.Hash(spec), FrozenSpec.Freeze(spec, spec.Task), default);
        world.Token = await world.AttemptAsync(1, claim);
        return world;
    }

    /// <summary>Adds the second replica.</summary>
    public async Task AddReplicaAsync()
    {
        _connection.Server.Cluster.Put(
            "apis/discovery.k8s.io/v1/endpointslices", "system", "gateway", JsonNode.Parse("""
                {"metadata":{"labels":{"kubernetes.io/service-name":"gateway"}},"endpoints":[
                {"addresses":["10.0.0.1"],"targetRef":{"name":"replica-1"}},{"addresses":["10.0.0.2"],"targetRef":{"name":"replica-2"}}]}
                """)!.AsObject());
        OtherHttp = await StartReplicaAsync(new FakeConnection(_connection.Server));
    }

    /// <summary>Stops the first replica as its host does on SIGTERM.</summary>
    public Task StopReplicaAsync() => _replicas[0].StopAsync();

    /// <summary>Changes the run's spec, and lets the gateway's cache see it.</summary>
    public Task ChangeRunAsync(Func<AgentRunSpec, AgentRunSpec> change)
    {
        Runs.Change(Run.Name, run =>
        {
            run.Spec = change(run.Spec);
            run.Metadata.Generation++;
            return run;
        });
        return SyncAsync<AgentRun>();
    }

    /// <summary>Changes the endpoint's spec, and lets the gateway's cache see it.</summary>
    public Task ChangeEndpointAsync(Func<ModelEndpointSpec, ModelEndpointSpec> change)
    {
        Endpoints.Change("provider", endpoint =>
        {
            endpoint.Spec = change(endpoint.Spec);
            return endpoint;
        });
        return SyncAsync<ModelEndpoint>();
    }

    /// <summary>Lets the first replica's cache of a kind catch up with the server.</summary>
    public Task SyncAsync<T>()
        where T : k8s.IKubernetesObject<V1ObjectMeta> => _replicas[0].Services.SyncAsync<T>();

    /// <summary>Lets the second replica's cache of a kind catch up with the server.</summary>
    public Task SyncOtherAsync<T>()
        where T : k8s.IKubernetesObject<V1ObjectMeta> => _replicas[1].Services.SyncAsync<T>();

    /// <summary>Decides what becomes of the first replica's next write to the API server. The ModelEndpoint's status is not meant.</summary>
    /// <param name="fate">Gets what lets the server answer.</param>
    public void OnNextWrite(Func<Func<FakeAnswer>, FakeAnswer> fate) => _connection.Route = (request, answer) =>
    {
        if (!request.IsWrite || request.Target?.IsStatus == true)
        {
            return answer();
        }

        _connection.Route = (_, next) => next();
        return fate(answer);
    };

    /// <summary>Called with each of the first replica's requests before the API server answers it.</summary>
    public void OnRequest(Action<FakeRequest> look) => _connection.Route = (request, answer) =>
    {
        look(request);
        return answer();
    };

    /// <summary>Starts an attempt: its pod exists and, unless the test wants otherwise, the operator has claimed the epoch.</summary>
    public async Task<string> AttemptAsync(int epoch, bool claim = true)
    {
        var (pod, uid) = ($"{Run.Name}-{epoch}", $"pod-uid-{epoch}");
        Pods.Put(new V1Pod { Metadata = new V1ObjectMeta { Name = pod, NamespaceProperty = Run.Namespace, Uid = uid } });
        if (claim)
        {
            await Journal.ClaimEpochAsync(Run, epoch, pod, uid, default);
        }

        return Tokens.Issue(new ReviewedPod(Run.Namespace, pod, uid));
    }

    public Task<HttpResponseMessage> ChatAsync(
        string token, string stepKey, long expected, string? body = null, HttpClient? replica = null, bool isRepeated = false,
        CancellationToken cancellationToken = default)
    {
        var request = Request(HttpMethod.Post, Routes.ChatCompletions, token, body ?? Body("test-model"));
        request.Headers.Add(Routes.IdempotencyKeyHeader, stepKey);
        request.Headers.Add(Routes.ExpectedSequenceHeader, expected.ToString(CultureInfo.InvariantCulture));
        if (isRepeated)
        {
            request.Headers.Add(Routes.RepeatedHeader, "true");
        }

        return (replica ?? Http).SendAsync(request, cancellationToken);
    }

    public Task<HttpResponseMessage> PostAsync<T>(string token, string path, T message) =>
        Http.SendAsync(Request(HttpMethod.Post, path, token, JsonSerializer.Serialize(message, typeof(T), ProtocolJson.Default)));

    /// <summary>Posts a body as it is, with the first attempt's token.</summary>
    public Task<HttpResponseMessage> SendAsync(string path, string body) => Http.SendAsync(Request(HttpMethod.Post, path, Token, body));

    public Task<HttpResponseMessage> GetAsync(string? token, string path, HttpClient? replica = null) =>
        (replica ?? Http).SendAsync(Request(HttpMethod.Get, path, token, null));

    public static string Body(string model, int answersBefore = 0, string extra = "")
    {
        var messages = new List<object> { new { role = "user", content = "count" } };
        for (var i = 0; i < answersBefore; i++)
        {
            messages.Add(new { role = "assistant", content = "one" });
            messages.Add(new { role = "user", content = "more" });
        }

        return $$"""{"model":"{{model}}"{{extra}},"messages":{{JsonSerializer.Serialize(messages)}}}""";
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        OtherHttp?.Dispose();
        foreach (var replica in _replicas)
        {
            await replica.DisposeAsync();
        }

        await Model.DisposeAsync();
    }

    private static HttpRequestMessage Request(HttpMethod method, string path, string? token, string? body)
    {
        var request = new HttpRequestMessage(method, path)
        {
            Content = body is null ? null : new StringContent(body, new MediaTypeHeaderValue("application/json")),
        };
        if (token is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        return request;
    }

    private async Task<HttpClient> StartReplicaAsync(FakeConnection connection)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"replica-{_replicas.Count + 1}");
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddOperator(connection, TimeProvider.System)
            .AddHostedService(services => services.GetRequiredService<AnswersUnderWay>())
            .AddSingleton<ITokenReviewer>(Tokens)
            .AddSingleton(services => new PeerHttpClient(services.GetRequiredService<IOptions<GatewayOptions>>(), () => new PodNetwork(_replicas)))
            .Configure<GatewayOptions>(options => options.PodName = name);
        var replica = builder.Build();
        replica.MapGateway();
        await replica.StartAsync();
        await replica.Services.SyncAsync<AgentRun>();
        await replica.Services.SyncAsync<ModelEndpoint>();
        _replicas.Add(replica);
        return new HttpClient { BaseAddress = new Uri(replica.Urls.Single()) };
    }

    /// <summary>Takes requests for a replica's pod to where that replica listens.</summary>
    private sealed class PodNetwork(IReadOnlyList<WebApplication> replicas) : DelegatingHandler(new SocketsHttpHandler())
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var replica = replicas[request.RequestUri!.Host == "10.0.0.1" ? 0 : 1];
            request.RequestUri = new Uri(new Uri(replica.Urls.Single()), request.RequestUri.PathAndQuery);
            return base.SendAsync(request, cancellationToken);
        }
    }
}
