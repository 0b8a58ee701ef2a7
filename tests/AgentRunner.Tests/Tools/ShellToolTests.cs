using System.Text.Json;
using AgentRunner.Tests.Fakes;
using AgentTools;

namespace AgentRunner.Tests.Tools;

internal sealed class ShellToolTests
{
    private DirectoryInfo _workspace = null!;

    [SetUp]
    public void CreateWorkspace() => _workspace = Directory.CreateTempSubdirectory("shell-");

    [TearDown]
    public void DeleteWorkspace() => _workspace.Delete(recursive: true);

    [TestCase("echo hello", "hello\n[exit code: 0]")]
    [TestCase("printf hello", "hello\n[exit code: 0]")]
    [TestCase("true", "[exit code: 0]")]
    [TestCase("echo out; echo err >&2; echo out2", "out\nerr\nout2\n[exit code: 0]")]
    [TestCase("exit 3", "[exit code: 3]")]
    [TestCase("kill -TERM $$", "[exit code: 143]")]
    [TestCase("cat", "[exit code: 0]")]
    public async Task Command_ItsEnd_IsTold(string command, string expected)
    {
        var outcome = await RunAsync(command);

        Assert.That((outcome.End, outcome.Content), Is.EqualTo((ToolEnd.Succeeded, expected)));
    }

    [Test]
    public async Task Command_RunsInTheWorkspaceWithACleanEnvironment()
    {
        Environment.SetEnvironmentVariable("AGENT_TOKEN_FILE", "/var/run/secret");
        var outcome = await RunAsync("pwd; env | cut -d= -f1 | grep -v '^_$' | sort | tr '\\n' ' '", key: "k1");

        Assert.That(outcome.Content, Does.StartWith(_workspace.FullName + "\n"));
        Assert.That(outcome.Content.Split('\n')[1], Is.EqualTo("AGENT_ATTEMPT HOME IDEMPOTENCY_KEY PATH PWD "));
    }

    [Test]
    public async Task Command_SharesNoDescriptorsAndDefaultSignals()
    {
        // Its three, and one for the listing itself. A broken pipe ends `yes` quietly only when SIGPIPE is not ignored.
        var outcome = await RunAsync("ls /proc/self/fd | wc -l; yes | head -1");

        Assert.That(outcome.Content, Is.EqualTo("4\ny\n[exit code: 0]"));
    }

    [Test]
    public async Task Command_IsTheFirstToGoWhenMemoryRunsOut()
    {
        var outcome = await RunAsync("cat /proc/self/oom_score_adj; sh -c 'cat /proc/self/oom_score_adj'");

        Assert.That(outcome.Content, Is.EqualTo("1000\n1000\n[exit code: 0]"));
    }

    [Test]
    public async Task Command_RunsTooLong_IsKilledWithAllThatItStarted()
    {
        var outcome = await RunAsync("echo $$ > pid; (sleep 1000 & echo $! > child; wait) & echo begun; wait", timeout: TimeSpan.FromSeconds(1));

        Assert.That(outcome.End, Is.EqualTo(ToolEnd.Failed));
        Assert.That(outcome.Content, Does.StartWith("begun\n[killed:").And.Contain("longer than 1 s"));
        await AssertGoneAsync("pid");
        await AssertGoneAsync("child");
    }

    [Test]
    public async Task Command_LeavesAProcessBehind_EndsAndStopsIt()
    {
        var outcome = await RunAsync("sleep 1000 & echo $! > child; echo started");

        Assert.That(outcome.Content, Is.EqualTo("started\n[exit code: 0]"));
        await AssertGoneAsync("child");
    }

    [Test]
    public async Task Command_LeavesADaemonThatFloodsTheOutput_EndsAllTheSame()
    {
        var outcome = await RunAsync("setsid sh -c 'echo $$ > daemon; exec yes' & while [ ! -s daemon ]; do :; done; echo begun", maxOutput: 1000);
        var daemon = int.Parse(
            await File.ReadAllTextAsync(Path.Combine(_workspace.FullName, "daemon")), System.Globalization.CultureInfo.InvariantCulture);

        Assert.That(outcome.Content, Does.Contain("[exit code: 0]"));
        using var process = System.Diagnostics.Process.GetProcessById(daemon);
        process.Kill();
    }

    [Test]
    public async Task Command_ClosesItsOutputAndGoesOn_IsWaitedFor()
    {
        var outcome = await RunAsync("exec >&- 2>&-; sleep 0.2; exit 7");

        Assert.That(outcome.Content, Is.EqualTo("[exit code: 7]"));
    }

    [Test]
    public async Task Command_PrintsTooMuch_KeepsBothEnds()
    {
        var outcome = await RunAsync("seq 1 100000", maxOutput: 2000);

        Assert.That(outcome.TruncatedBytes, Is.EqualTo(588895 - 2000));
        Assert.That(
            outcome.Content, Does.StartWith("1\n2\n3\n").And.Contain("[... 586895 bytes cut ...]").And.EndWith("99999\n100000\n[exit code: 0]"));
    }

    [Test]
    public async Task Command_IsGivenUp_IsKilledAndHasNoOutcome()
    {
        using var stop = new CancellationTokenSource();
        var call = RunAsync("echo $$ > pid; sleep 1000", cancellationToken: stop.Token);
        await Eventually.HoldsAsync(() => File.Exists(Path.Combine(_workspace.FullName, "pid")), "the command's start");

        await stop.CancelAsync();

        Assert.That(async () => await call, Throws.InstanceOf<OperationCanceledException>());
        await AssertGoneAsync("pid");
    }

    [Test]
    public async Task Command_KilledForMemory_IsToldTheLimit()
    {
        var outcome = await RunAsync(
            "echo filling; kill -9 $$", memory: new FakeMemory(new MemoryCounters(3, 64 << 20, 1 << 20), new MemoryCounters(4, 64 << 20, 63 << 20)));

        Assert.That(outcome.End, Is.EqualTo(ToolEnd.Failed));
        Assert.That(outcome.Content, Does.StartWith("filling\n[killed for memory: the limit is 64 MiB, up to 63 MiB were used; exit code: 137."));
    }

    [Test]
    public async Task Command_AGrandchildWasKilledForMemory_IsToldToo()
    {
        var outcome = await RunAsync(
            "sh -c 'kill -9 $$'; echo after", memory: new FakeMemory(new MemoryCounters(0, null, null), new MemoryCounters(1, null, null)));

        Assert.That(outcome.End, Is.EqualTo(ToolEnd.Failed));
        Assert.That(outcome.Content, Does.Contain("after\n[a process of the command was killed for memory: the machine has no more; exit code: 0."));
    }

    [Test]
    public async Task Command_KilledForAnotherReason_IsNotToldOfMemory()
    {
        var outcome = await RunAsync("kill -9 $$", memory: new FakeMemory(new MemoryCounters(3, 64 << 20, 0), new MemoryCounters(3, 64 << 20, 0)));

        Assert.That((outcome.End, outcome.Content), Is.EqualTo((ToolEnd.Succeeded, "[exit code: 137]")));
    }

    [Test]
    public async Task Command_HoldsNul_IsRefused() => Assert.That((await RunAsync("echo a\0b")).End, Is.EqualTo(ToolEnd.Failed));

    [Test]
    public async Task Command_WorkspaceIsGone_Fails()
    {
        var tool = new ShellTool(Path.Combine(_workspace.FullName, "gone"), new Dictionary<string, string>(), "IDEMPOTENCY_KEY", null);

        var outcome = await tool.RunAsync(Invocation("true", null, TimeSpan.FromSeconds(60), 1000), CancellationToken.None);

        Assert.That(outcome.End, Is.EqualTo(ToolEnd.Failed));
        Assert.That(outcome.Content, Does.StartWith("The command could not be started"));
    }

    private static ToolInvocation Invocation(string command, string? key, TimeSpan timeout, int maxOutput) => new()
    {
        Arguments = JsonSerializer.SerializeToElement(new Dictionary<string, string> { ["command"] = command }),
        IdempotencyKey = key,
        Timeout = timeout,
        MaxOutputBytes = maxOutput,
    };

    private Task<ToolOutcome> RunAsync(
        string command, string? key = null, TimeSpan? timeout = null, int maxOutput = 100_000, IMemoryMonitor? memory = null,
        CancellationToken cancellationToken = default) =>
        new ShellTool(_workspace.FullName, new Dictionary<string, string> { ["AGENT_ATTEMPT"] = "1" }, "IDEMPOTENCY_KEY", memory)
            .RunAsync(Invocation(command, key, timeout ?? TimeSpan.FromMinutes(5), maxOutput), cancellationToken);

    private async Task AssertGoneAsync(string file)
    {
        var id = (await File.ReadAllTextAsync(Path.Combine(_workspace.FullName, file))).Trim();
        await Eventually.HoldsAsync(() => !IsAlive(id), $"the end of process {id}");
    }

    private static bool IsAlive(string id)
    {
        try
        {
            // A zombie that nobody reaps is dead enough.
            return !File.ReadAllText($"/proc/{id}/stat").Split(')')[^1].StartsWith(" Z", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    }

    private sealed class FakeMemory(params MemoryCounters[] readings) : IMemoryMonitor
    {
        private int _count;

        public MemoryCounters Read() => readings[Math.Min(_count++, readings.Length - 1)];
    }
}
