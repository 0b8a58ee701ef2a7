using System.Net.Http.Headers;
using System.Text.Json;
using AgentOperator.Api;
using AgentOperator.ControlRuntime;
using AgentOperator.Gateway;
using AgentOperator.Gateway.Endpoints;
using AgentOperator.Gateway.Heartbeats;
using AgentOperator.Gateway.Identity;
using AgentOperator.Gateway.Models;
using AgentOperator.Gateway.Peers;
using AgentOperator.Journal;
using AgentOperator.Journal.Tests;
using AgentOperator.ModelServer;
using AgentOperator.Protocol;
using AgentOperator.Tests.Fakes;
using k8s.Models;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AgentOperator.Tests.Gateway;

/// <summary>The real gateway on a loopback port, with a scripted model behind it and the API server's part played in memory.</summary>
internal sealed class GatewayWorld : IAsyncDisposable
{
    public const string ApiKey = "sk-only-the-gateway-knows";

    private readonly List<WebApplication> _replicas = [];

    public RunIdentity Run { get; } = new("team", "survey", "0a1b2c3d-0000-4000-8000-000000000001");

    public FakeLister<AgentRun> Runs { get; } = new();

    public FakeLister<ModelEndpoint> Endpoints { get; } = new();

    public InMemorySegmentClient Segments { get; } = new();

    public FakeTokens Tokens { get; } = new();

    public FakeHeartbeats Heartbeats { get; } = new();

    public ModelServerHost Model { get; private set; } = null!;

    public IJournalStore Journal { get; private set; } = null!;

    public HttpClient Http { get; private set; } = null!;

    /// <summary>A second replica of the gateway, on the same store; present after <see cref="AddReplicaAsync"/>.</summary>
    public HttpClient OtherHttp { get; private set; } = null!;

    private string? _secret;

    /// <summary>Adds the second replica, which knows the first.</summary>
    public async Task AddReplicaAsync() => (OtherHttp, _) = await BuildAsync(new FakePeers([Http]));

    public static async Task<GatewayWorld> StartAsync(string scenario, LimitsSpec? limits = null, string? secret = ApiKey)
    {
        var world = new GatewayWorld
        {
            Model = await ModelServerHost.StartAsync(new ModelServerOptions { ApiKey = ApiKey }),
        };
        world.Model.PutScenario("test-model", scenario);
        world.Runs.Put(new AgentRun
        {
            Metadata = new V1ObjectMeta { Name = world.Run.Name, NamespaceProperty = world.Run.Namespace, Uid = world.Run.Uid },
            Spec = new AgentRunSpec
            {
                Task = "count",
                Model = new ModelSpec { EndpointRef = new LocalReference { Name = "provider" }, Name = "test-model" },
                Limits = limits ?? new LimitsSpec(),
            },
        });
        world.Endpoints.Put(new ModelEndpoint
        {
            Metadata = new V1ObjectMeta { Name = "provider", NamespaceProperty = world.Run.Namespace, Uid = "endpoint-uid" },
            Spec = new ModelEndpointSpec
            {
                BaseUrl = new Uri(world.Model.BaseUri, "v1").ToString(),
                ApiKeySecretRef = new SecretKeyReference { Name = "provider-key", Key = "key" },
            },
        });
        world._secret = secret;
        (world.Http, world.Journal) = await world.BuildAsync(new FakePeers([]));
        var spec = world.Runs.Get(new ObjectKey(world.Run.Namespace, world.Run.Name))!.Spec;
        await world.Journal.StartAsync(world.Run, FrozenSpec.Hash(spec), FrozenSpec.Freeze(spec, spec.Task!), default);
        return world;
    }

    /// <summary>Starts an attempt: its pod exists and, unless the test wants otherwise, the operator has claimed the epoch.</summary>
    public async Task<string> AttemptAsync(int epoch, bool claim = true)
    {
        var (pod, uid) = ($"{Run.Name}-{epoch}", $"pod-uid-{epoch}");
        if (claim)
        {
            await Journal.ClaimEpochAsync(Run, epoch, pod, uid, default);
        }

        return Tokens.Issue(new ReviewedPod(Run.Namespace, pod, uid));
    }

    public Task<HttpResponseMessage> ChatAsync(
        string token, string stepKey, long expected, string? body = null, HttpClient? replica = null, CancellationToken cancellationToken = default)
    {
        var request = Request(HttpMethod.Post, Routes.ChatCompletions, token, body ?? Body("test-model"));
        request.Headers.Add(Routes.IdempotencyKeyHeader, stepKey);
        request.Headers.Add(Routes.ExpectedSequenceHeader, expected.ToString(System.Globalization.CultureInfo.InvariantCulture));
        return (replica ?? Http).SendAsync(request, cancellationToken);
    }

    public Task<HttpResponseMessage> PostAsync<T>(string token, string path, T message) =>
        Http.SendAsync(Request(HttpMethod.Post, path, token, JsonSerializer.Serialize(message, typeof(T), ProtocolJson.Default)));

    public Task<HttpResponseMessage> GetAsync(string? token, string path) => Http.SendAsync(Request(HttpMethod.Get, path, token, null));

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

    private async Task<(HttpClient Http, IJournalStore Journal)> BuildAsync(IGatewayPeers peers)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddMetrics();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<ISegmentClient>(Segments);
        builder.Services.AddSingleton<IJournalStore, SegmentJournalStore>();
        builder.Services.AddSingleton<ILister<AgentRun>>(Runs);
        builder.Services.AddSingleton<ILister<ModelEndpoint>>(Endpoints);
        builder.Services.AddSingleton<ITokenReviewer>(Tokens);
        builder.Services.AddSingleton<IHeartbeatWriter>(Heartbeats);
        builder.Services.AddSingleton<ISecretReader>(new FakeSecrets(_secret));
        builder.Services.AddSingleton<IObjectClient<AgentRun>>(new FakeObjectClient<AgentRun>());
        builder.Services.AddSingleton<IObjectClient<ModelEndpoint>>(new FakeObjectClient<ModelEndpoint>());
        builder.Services.AddSingleton(peers);
        builder.Services.AddGatewayRoutes();
        var app = builder.Build();
        app.MapGateway();
        await app.StartAsync();
        _replicas.Add(app);
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        return (new HttpClient { BaseAddress = new Uri(address) }, app.Services.GetRequiredService<IJournalStore>());
    }

    private sealed class FakeSecrets(string? value) : ISecretReader
    {
        public Task<SecretValue> ReadAsync(string namespaceName, string name, string key, bool isFresh, CancellationToken cancellationToken) =>
            Task.FromResult(new SecretValue(value, value is null ? "" : "1"));
    }
}
