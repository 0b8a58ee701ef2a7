using System.Globalization;
using AgentOperator.Api;
using AgentOperator.Gateway.Identity;
using AgentOperator.Gateway.Models;
using AgentOperator.Journal;
using AgentOperator.ModelServer;
using AgentOperator.Tests.Fakes;
using AgentOperator.Tests.Runs;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace AgentOperator.ProtocolConformance.Stages;

/// <summary>
/// One run, and the gateway as it is delivered, over HTTPS, with a scripted model behind it and an API server in memory. Attempts are processes.
/// </summary>
internal sealed class Stage : IAsyncDisposable
{
    /// <summary>Enough for a runner to give up its step 5 seconds before.</summary>
    public const int GraceSeconds = 6;

    private const string ModelName = "test-model";
    private const string ApiKey = "sk-only-the-gateway-knows";

    private readonly FakeConnection _connection = new(new FakeKubernetes());
    private readonly List<RunnerProcess> _processes = [];
    private readonly WebApplication _gateway;
    private int _connections;

    private Stage(ModelServerHost model, StageOptions options)
    {
        Model = model;
        _gateway = GatewayHost.Build(_connection, Tokens, Wire, options.CertificateHost, () => Interlocked.Increment(ref _connections));
    }

    /// <summary>The run.</summary>
    public RunIdentity Run { get; } = new(AgentRunBuilder.Namespace, "survey", "0a1b2c3d-0000-4000-8000-000000000001");

    public ModelServerHost Model { get; }

    public Wire Wire { get; } = new();

    public RunnerFolder Folder { get; } = new();

    public PodTokens Tokens { get; } = new();

    public IJournalStore Journal => _gateway.Services.GetRequiredService<IJournalStore>();

    /// <summary>The certificate authority of this gateway.</summary>
    public string AuthorityPem => _gateway.Services.GetRequiredService<GatewayAuthority>().CertificatePem;

    /// <summary>How many connections were opened, whether or not a handshake followed.</summary>
    public int Connections => Volatile.Read(ref _connections);

    /// <summary>The number of the newest attempt.</summary>
    public int Epoch { get; private set; }

    private string PodName => string.Create(CultureInfo.InvariantCulture, $"{Run.Name}-{Epoch}");

    private string PodUid => string.Create(CultureInfo.InvariantCulture, $"pod-uid-{Epoch}");

    private StageObjects Objects => new(_connection, Run);

    /// <summary>Starts a gateway, and the run's journal.</summary>
    public static async Task<Stage> StartAsync(StageOptions options)
    {
        var stage = new Stage(await ModelServerHost.StartAsync(new ModelServerOptions { ApiKey = ApiKey }), options);
        stage.Model.PutScenario(ModelName, options.Scenario);
        var spec = new AgentRunSpec
        {
            Task = options.Task,
            Instructions = options.Instructions,
            Model = new ModelSpec { EndpointRef = new LocalReference { Name = StageObjects.Endpoint }, Name = ModelName },
            Tools = options.Shell is { } effect ? [new ToolSpec { Name = ToolSpec.Shell, Effect = effect }] : [],
            Limits = options.Limits,
            Recovery = new RecoverySpec { HeartbeatTimeoutSeconds = options.HeartbeatTimeoutSeconds },
        };
        stage.Objects.Put(spec);
        stage.Objects.PutEndpoint(new Uri(stage.Model.BaseUri, "v1"), ApiKey);
        await stage._gateway.Services.GetRequiredService<GatewayAuthority>().LoadAsync(default);
        await stage._gateway.StartAsync();
        await stage._gateway.Services.SyncAsync<AgentRun>();
        await stage._gateway.Services.SyncAsync<ModelEndpoint>();
        await stage.Journal.StartAsync(stage.Run, FrozenSpec.Hash(spec), FrozenSpec.Freeze(spec, spec.Task), default);
        return stage;
    }

    /// <summary>Starts the next attempt.</summary>
    /// <param name="runner">The runner.</param>
    /// <param name="authorityPem">The CA that it is told of; null for this gateway's.</param>
    public async Task<RunnerProcess> StartAsync(RunnerUnderTest runner, string? authorityPem = null)
    {
        await ClaimAsync();
        ReplaceToken();
        await File.WriteAllBytesAsync(Folder.Report, []);
        var process = RunnerProcess.Start(runner, Folder, new Dictionary<string, string>
        {
            [RunnerEnvironment.GatewayUrl] = _gateway.Urls.Single(),
            [RunnerEnvironment.GatewayCa] = authorityPem ?? AuthorityPem,
            [RunnerEnvironment.Attempt] = Epoch.ToString(CultureInfo.InvariantCulture),
            [RunnerEnvironment.Run] = Run.Name,
            [RunnerEnvironment.Namespace] = Run.Namespace,
            [RunnerEnvironment.GraceSeconds] = GraceSeconds.ToString(CultureInfo.InvariantCulture),
        });
        _processes.Add(process);
        return process;
    }

    /// <summary>Runs the next attempt to its end.</summary>
    public async Task<RunnerEnd> PlayAsync(RunnerUnderTest runner) => await (await StartAsync(runner)).WaitAsync();

    /// <summary>Kills the newest attempt.</summary>
    public Task KillAsync() => _processes[^1].KillAsync();

    /// <summary>Makes the pod of another attempt, which owns the run from here on.</summary>
    public Task ClaimAsync()
    {
        Epoch++;
        var (pod, uid) = (PodName, PodUid);
        Objects.PutPod(pod, uid);
        return Journal.ClaimEpochAsync(Run, Epoch, pod, uid, default);
    }

    /// <summary>Replaces the token of the newest attempt's pod.</summary>
    /// <returns>The new one.</returns>
    public string ReplaceToken()
    {
        var token = Tokens.Issue(new ReviewedPod(Run.Namespace, PodName, PodUid));
        Folder.WriteToken(token);
        return token;
    }

    /// <summary>Commits a record that the gateway writes by itself.</summary>
    public async Task AppendUnusedCallAsync()
    {
        var head = await Journal.ReadHeadAsync(Run, default);
        await Journal.AppendAsync(
            Run, new Writer(Epoch, PodUid), head!.Sequence, [UnusedCalls.RecordOf(new ModelCallsUnusedPayload(1, new TokenUsage(1, 1, 0)))], default);
    }

    /// <summary>Changes the run on the API server.</summary>
    /// <param name="change">The change.</param>
    /// <param name="isSeen">Whether the gateway's cache sees it.</param>
    public async Task ChangeAsync(Func<AgentRunSpec, AgentRunSpec> change, bool isSeen)
    {
        Objects.Change(change);
        if (isSeen)
        {
            await _gateway.Services.SyncAsync<AgentRun>();
        }
    }

    /// <summary>What is committed.</summary>
    public async Task<IReadOnlyList<JournalRecord>> RecordsAsync() => (await Journal.ReadAsync(Run, 0, int.MaxValue, default)).Records;

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _processes)
        {
            process.Dispose();
        }

        await _gateway.DisposeAsync();
        await Model.DisposeAsync();
        Folder.Dispose();
    }
}
