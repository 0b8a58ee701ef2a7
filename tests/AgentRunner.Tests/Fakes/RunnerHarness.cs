using System.Globalization;
using AgentOperator.Protocol;
using AgentRunner.Exits;
using AgentRunner.Gateway;
using AgentRunner.Loop;
using Microsoft.Extensions.Logging.Abstractions;

namespace AgentRunner.Tests.Fakes;

/// <summary>A run on a fake gateway, with a workspace and a ledger of effects that outlive its attempts.</summary>
internal sealed class RunnerHarness : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("agent-runner-");

    private RunnerHarness(FakeGateway gateway)
    {
        Gateway = gateway;
        Directory.CreateDirectory(Workspace);
    }

    public FakeGateway Gateway { get; }

    public FakeJournal Journal => Gateway.Journal;

    public string Workspace => Path.Combine(_folder.FullName, "workspace");

    public string TokenFile => Path.Combine(_folder.FullName, "token");

    /// <summary>A file that commands append a line to: the world outside.</summary>
    public string Ledger => Path.Combine(_folder.FullName, "ledger");

    public IReadOnlyList<string> Effects => File.Exists(Ledger) ? File.ReadAllLines(Ledger) : [];

    /// <summary>How long an outage is waited out.</summary>
    public TimeSpan Patience { get; set; } = TimeSpan.FromSeconds(60);

    public TimeSpan Grace { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The gateway's clock: another than the runner's in each test.</summary>
    public static DateTimeOffset GatewayTime { get; } = new(2020, 2, 29, 0, 0, 0, TimeSpan.Zero);

    public static RunDescription DefaultRun { get; } = new()
    {
        Name = "run",
        Namespace = "agents",
        Uid = "uid",
        Lineage = "lineage",
        Epoch = 0,
        HeadSequence = 0,
        Time = GatewayTime,
        Task = "Do the work.",
        Instructions = "Be brief.",
        Model = new ModelParameters("scripted", 512),
        Tools =
        [
            new ToolDefinition { Name = "shell", Effect = ToolEffect.Irreversible },
            new ToolDefinition { Name = "files", Effect = ToolEffect.Pure },
        ],
        Limits = new RunLimits(50, null, 60, 16 * 1024, 1024 * 1024),
        HeartbeatSeconds = 1,
    };

    public static async Task<RunnerHarness> StartAsync(RunDescription? run = null, params ModelStep[] script)
    {
        var harness = new RunnerHarness(await FakeGateway.StartAsync(run ?? DefaultRun));
        harness.Gateway.Script = script;
        return harness;
    }

    public static RunDescription RunWithShell(ToolEffect effect) =>
        DefaultRun with
        {
            Tools = [new ToolDefinition { Name = "shell", Effect = effect }, new ToolDefinition { Name = "files", Effect = ToolEffect.Pure }],
        };

    /// <summary>A command that leaves a line in the ledger.</summary>
    public static string Effect(string line) => $"echo {line} >> \"$LEDGER\"; echo {line} done";

    /// <summary>A command that leaves a line in the ledger, unless the same key has left it before: what services with idempotency keys do.</summary>
    public static string KeyedEffect(string line) =>
        $"line=\"{line} $IDEMPOTENCY_KEY\"; grep -qsxF \"$line\" \"$LEDGER\" || echo \"$line\" >> \"$LEDGER\"; echo {line} done";

    /// <summary>Claims the next epoch and runs an attempt to its end.</summary>
    public Task<RunnerExit> RunAttemptAsync(StopSignal? stop = null, bool claim = true) =>
        RunAttemptAsync(new SocketsHttpHandler(), stop, claim);

    /// <summary>Claims the next epoch and runs an attempt to its end.</summary>
    public async Task<RunnerExit> RunAttemptAsync(HttpMessageHandler transport, StopSignal? stop = null, bool claim = true)
    {
        if (claim)
        {
            Claim();
        }

        return await RunAttemptAsync(Options(), transport, stop);
    }

    /// <summary>Runs an attempt with these options.</summary>
    public async Task<RunnerExit> RunAttemptAsync(RunnerOptions options, HttpMessageHandler? transport = null, StopSignal? stop = null)
    {
        using var own = new StopSignal(Grace, TimeProvider.System);
        using var authorized = new AuthorizationHandler(new TokenFile(TokenFile), transport ?? new SocketsHttpHandler());
        return await new Attempt(options, authorized, stop ?? own, Patience, TimeProvider.System, NullLoggerFactory.Instance).RunAsync();
    }

    public void Claim()
    {
        Journal.ClaimEpoch();
        File.WriteAllText(TokenFile, string.Create(CultureInfo.InvariantCulture, $"epoch-{Journal.Epoch}\n"));
    }

    public RunnerOptions Options() => new()
    {
        GatewayUrl = Gateway.BaseUri,
        TokenFile = TokenFile,
        Workspace = Workspace,
        Grace = Grace,
        CommandEnvironment = new Dictionary<string, string>
        {
            ["AGENT_ATTEMPT"] = Journal.Epoch.ToString(CultureInfo.InvariantCulture),
            ["LEDGER"] = Ledger,
        },
    };

    public async ValueTask DisposeAsync()
    {
        await Gateway.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}
