using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using AgentOperator.Protocol;
using AgentRunner.Tests.Fakes;

namespace AgentRunner.Tests;

/// <summary>
/// The process itself. <c>AGENT_RUNNER_BINARY</c> names another build of it, such as a published native one.
/// </summary>
internal sealed partial class ProgramTests
{
    private const string Secret = "a-task-that-no-log-may-show";

    [TestCase("")]
    [TestCase("text")]
    [TestCase("json")]
    public async Task Process_ARun_EndsAndLogsEachStepWithoutItsText(string format)
    {
        var run = RunnerHarness.DefaultRun with { Task = Secret };
        await using var harness = await RunnerHarness.StartAsync(run, ModelStep.Shell($"echo {Secret}"), ModelStep.Say(Secret));
        harness.Claim();

        using var process = Start(harness, (RunnerEnvironment.LogFormat, format));
        var log = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();

        var messages = log.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => format == "json" ? JsonMessage(line) : TextMessage(line))
            .ToList();
        Assert.Multiple(() =>
        {
            Assert.That(process.ExitCode, Is.EqualTo(RunnerExitCodes.Done), log);
            Assert.That(harness.Journal.Finished?.Result, Is.EqualTo(Secret));
            Assert.That(log, Does.Not.Contain(Secret).And.Not.Contain("epoch-1"));
            Assert.That(messages, Has.Some.StartsWith("step 1: asking the model"));
            Assert.That(messages, Has.Some.StartsWith("step 1: the model answered after"));
            Assert.That(messages, Has.Some.StartsWith("tool shell started"));
            Assert.That(messages, Has.Some.StartsWith("tool shell ended after"));
            Assert.That(messages[^1], Does.StartWith("exiting with code 0"));
        });
    }

    /// <summary>Reading JSON of unknown shape is what a native build can break.</summary>
    [Test]
    public async Task Process_ToolsOfAnMcpServer_OddOnesToo_AreListedCalledAndRead()
    {
        await using var server = await RawMcpServer.StartAsync();
        server.Tools = """[{"name":"act","inputSchema":{"required":true}},{"name":"any","inputSchema":true},{"name":"odd","inputSchema":7}]""";
        server.Result = """{"content":[{"type":"text","text":"a\ud83cb","annotations":{"priority":1},"icons":[]},{"type":"hologram"}],"_meta":{}}""";
        var run = RunnerHarness.DefaultRun with
        {
            Tools = [new ToolDefinition { Name = "s", Effect = ToolEffect.Keyed, McpUrl = server.Url.ToString() }],
        };
        await using var harness = await RunnerHarness.StartAsync(
            run, ModelStep.Call(new ToolCall("1", "s_act", "```json\n{\"n\":1.50}\n```")), ModelStep.Say("done"));
        harness.Claim();

        using var process = Start(harness);
        var log = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();

        Assert.Multiple(() =>
        {
            Assert.That(process.ExitCode, Is.EqualTo(RunnerExitCodes.Done), log);
            Assert.That(
                harness.Journal.Outcomes(RecordKinds.ToolResult).Select(outcome => outcome.Content),
                Is.EqualTo(new[] { "a\ufffdb\n[hologram content is not shown]" }));
            Assert.That(server.Calls.Select(call => call["arguments"]!.ToJsonString()), Is.EqualTo(new[] { "{\"n\":1.50}" }));
            Assert.That(harness.Journal.Count(RecordKinds.ToolsLeftOut), Is.EqualTo(1));
        });
    }

    [Test]
    public async Task Process_Sigterm_StopsWithTheParkedCodeAndTheNextOneResumes()
    {
        await using var harness = await RunnerHarness.StartAsync(
            RunnerHarness.RunWithShell(ToolEffect.Pure),
            ModelStep.Shell("echo started >> $AGENT_WORKSPACE/ledger; while [ ! -e go ]; do sleep 0.05; done"), ModelStep.Say("done"));
        harness.Claim();
        using var process = Start(harness, ("AGENT_GRACE_SECONDS", "5"));
        await Eventually.HoldsAsync(() => File.Exists(Path.Combine(harness.Workspace, "ledger")), "the tool's start");

        using var kill = Process.Start("kill", ["-TERM", process.Id.ToString(CultureInfo.InvariantCulture)]);
        await process.WaitForExitAsync();

        Assert.That(process.ExitCode, Is.EqualTo(RunnerExitCodes.Parked));
        Assert.That(harness.Journal.Records[^1].Kind, Is.EqualTo(RecordKinds.ModelAnswer));

        await File.WriteAllTextAsync(Path.Combine(harness.Workspace, "go"), "");
        harness.Claim();
        using var next = Start(harness);
        var log = await next.StandardOutput.ReadToEndAsync();
        await next.WaitForExitAsync();
        Assert.That(next.ExitCode, Is.EqualTo(RunnerExitCodes.Done));
        Assert.That(log, Does.Contain("resumed at step 1 from record 5"));
    }

    [Test]
    public async Task Process_Killed_TheNextOneResumesWithoutAskingAgain()
    {
        await using var harness = await RunnerHarness.StartAsync(
            RunnerHarness.RunWithShell(ToolEffect.Pure), ModelStep.Shell("echo 1"),
            ModelStep.Shell("echo started >> $AGENT_WORKSPACE/ledger; [ -e go ] || sleep 1000"), ModelStep.Say("done"));
        harness.Claim();
        using var process = Start(harness);
        await Eventually.HoldsAsync(() => File.Exists(Path.Combine(harness.Workspace, "ledger")), "the tool's start");
        process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync();

        await File.WriteAllTextAsync(Path.Combine(harness.Workspace, "go"), "");
        harness.Claim();
        using var next = Start(harness);
        await next.StandardOutput.ReadToEndAsync();
        await next.WaitForExitAsync();

        Assert.That(next.ExitCode, Is.EqualTo(RunnerExitCodes.Done));
        Assert.That(harness.Gateway.Sampled.Select(request => request.Step), Is.EqualTo(new[] { 0, 1, 2 }));
    }

    [Test]
    public async Task Process_WithoutEnvironment_NamesTheVariable()
    {
        using var process = Start(null);
        var log = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();

        Assert.That(process.ExitCode, Is.EqualTo(RunnerExitCodes.InvalidSpec));
        Assert.That(log, Does.Contain(RunnerEnvironment.GatewayUrl));
    }

    [TestCase("--help", "Exit codes:")]
    [TestCase("--version", ".")]
    public async Task Process_AskedAboutItself_Answers(string argument, string expected)
    {
        using var process = Start(null, [], argument);
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();

        Assert.That(process.ExitCode, Is.Zero);
        Assert.That(output, Does.Contain(expected));
    }

    [Test, Explicit("Needs a memory control group of 64 MiB: name a script in AGENT_RUNNER_BINARY that enters one and executes the runner.")]
    public async Task Process_ACommandFillsTheMemory_IsKilledAloneAndTheRunGoesOn()
    {
        await using var harness = await RunnerHarness.StartAsync(
            RunnerHarness.RunWithShell(ToolEffect.Pure), ModelStep.Shell("echo filling; head -c 200M /dev/zero | tail"), ModelStep.Say("done"));
        harness.Claim();
        using var process = Start(harness);
        await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();

        Assert.That(process.ExitCode, Is.EqualTo(RunnerExitCodes.Done));
        var content = harness.Journal.Outcomes(RecordKinds.ToolFailed).Single().Content;
        Assert.That(content, Does.Contain("killed for memory: the limit is 64 MiB"));
        await TestContext.Out.WriteLineAsync(content);
    }

    [Test, Explicit("A measurement: start to first model call, and memory over 100 steps. Name a native build in AGENT_RUNNER_BINARY.")]
    public async Task Measure([Values("warming up", "second", "third")] string round)
    {
        const int Steps = 100;
        await using var harness = await RunnerHarness.StartAsync(
            RunnerHarness.RunWithShell(ToolEffect.Pure) with { Limits = new RunLimits(Steps + 1, null, 60, 16 * 1024, 4 * 1024 * 1024) },
            [.. Enumerable.Repeat(ModelStep.Shell("head -c 1024 /dev/zero | tr '\\0' x"), Steps), ModelStep.Say("done")]);
        harness.Claim();
        var first = TimeSpan.Zero;
        var processor = TimeSpan.Zero;
        string[] memory = [];
        var running = new TaskCompletionSource<Process>();
        var started = Stopwatch.StartNew();
        harness.Gateway.BeforeAnswer = async (step, token) =>
        {
            first = step == 0 ? started.Elapsed : first;
            var asking = await running.Task;
            processor = asking.TotalProcessorTime;
            var status = await File.ReadAllLinesAsync($"/proc/{asking.Id}/status", token);
            memory =
            [
                .. status.Where(line => line.StartsWith("VmHWM", StringComparison.Ordinal) || line.StartsWith("RssAnon", StringComparison.Ordinal)),
            ];
        };
        using var process = Start(harness);
        running.SetResult(process);
        await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        await TestContext.Out.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"{round}: first model call after {first.TotalMilliseconds:0} ms, {Steps} steps in {started.Elapsed.TotalSeconds:0.0} s, CPU "
                + $"{processor.TotalSeconds:0.00} s, {string.Join(", ", memory)}, exit {process.ExitCode}"));
    }

    private static string JsonMessage(string line) => JsonElement.Parse(line).GetProperty("@m").GetString()!;

    private static string TextMessage(string line) =>
        TextLine().Match(line) is { Success: true } match ? match.Groups["message"].Value : $"not a log line: {line}";

    [GeneratedRegex(@"\A\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z (INFO |WARN |ERROR|DEBUG) (?<message>.+)\z")]
    private static partial Regex TextLine();

    /// <summary>The runner's own output folder: in that of the tests the web framework stands in for some of its libraries.</summary>
    private static string Library()
    {
        // <root>/tests/AgentRunner.Tests/bin/<configuration>/<framework>/
        var here = new DirectoryInfo(AppContext.BaseDirectory);
        var root = here.Parent!.Parent!.Parent!.Parent!.Parent!.FullName;
        return Path.Combine(root, "runner", "AgentRunner", "bin", here.Parent.Name, here.Name, "AgentRunner.dll");
    }

    private static Process Start(RunnerHarness? harness, params (string Name, string Value)[] variables) => Start(harness, variables, null);

    private static Process Start(RunnerHarness? harness, (string Name, string Value)[] variables, string? argument)
    {
        var binary = Environment.GetEnvironmentVariable("AGENT_RUNNER_BINARY");
        var start = new ProcessStartInfo(binary ?? "dotnet") { RedirectStandardOutput = true };
        if (binary is null)
        {
            start.ArgumentList.Add(Library());
        }

        if (argument is not null)
        {
            start.ArgumentList.Add(argument);
        }

        if (harness is not null)
        {
            start.Environment[RunnerEnvironment.GatewayUrl] = harness.Gateway.BaseUri.ToString();
            start.Environment[RunnerEnvironment.TokenFile] = harness.TokenFile;
            start.Environment[RunnerEnvironment.Workspace] = harness.Workspace;
        }

        foreach (var (name, value) in variables)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }
}
