using System.Text.Json;
using AgentOperator.Protocol;
using AgentRunner.Tests.Fakes;
using AgentRunner.Tests.Generators;
using AgentRunner.Tools.Mcp;

namespace AgentRunner.Tests.Loop;

/// <summary>Whatever becomes of a server's list between the attempts of a run.</summary>
internal sealed class McpAnyToolListTests
{
    private const int Attempts = 4;

    /// <summary>
    /// Every request has the tools that the journal lists. Only a tool that changed while a call of it was open stops the run, and only one that
    /// takes what the journal says is called.
    /// </summary>
    [Test]
    public async Task Run_AnyListsBetweenItsAttempts_SendsTheSameToolsAndDivergesOnlyForAnOpenCall([Range(1, 60)] int seed)
    {
        var random = new Random(seed);
        await using var server = await RawMcpServer.StartAsync();
        var effect = (ToolEffect)random.Next(3);
        await using var harness = await StartAsync(server, random, effect);
        var lists = new AnyToolList(random);
        server.Tools = lists.Next();
        string? original = null;
        for (var attempt = 1; attempt <= Attempts; attempt++)
        {
            var calls = server.Calls.Count;
            var open = OpenCalls(harness);
            harness.Gateway.Run = WithEffect(harness.Gateway.Run, random.Next(5) == 0 ? (ToolEffect)random.Next(3) : effect);
            var crash = new CrashingTransport(new SocketsHttpHandler(), random.Next(2, 12), random.Next(2) == 0);
            var exit = await harness.RunAttemptAsync(crash);

            if (Offered(harness) is { } offered)
            {
                original ??= server.Tools;
                if (exit.Reason == TerminationReasons.Diverged)
                {
                    Assert.That(offered.Where(tool => open.Contains(tool.Name) && HasChanged(tool, harness, lists)), Is.Not.Empty, exit.Message);
                }

                Assert.That(
                    server.Calls.Skip(calls).Select(call => (string?)call["name"]).Distinct(),
                    Is.SubsetOf(offered.Where(tool => !HasChanged(tool, harness, lists)).Select(tool => tool.ServerTool)));
            }

            server.Tools = lists.Next();
        }

        // What was changed is put back: nothing keeps the run from its end.
        server.Tools = original ?? server.Tools;
        harness.Gateway.Run = WithEffect(harness.Gateway.Run, Offered(harness) is [var first, ..] ? first.Effect : effect);
        await harness.SucceedAsync();
        var listed = Offered(harness)!.Select(tool => (tool.Name, tool.Description, tool.InputSchema)).ToList();
        Assert.Multiple(() =>
        {
            Assert.That(harness.Journal.Count(RecordKinds.ToolsListed), Is.EqualTo(1));
            Assert.That(harness.Gateway.Sampled.Select(Sent), Is.All.EqualTo(listed));
        });
    }

    /// <summary>A run that calls any tools, also some that there never were.</summary>
    private static Task<RunnerHarness> StartAsync(RawMcpServer server, Random random, ToolEffect effect)
    {
        var names = AnyToolList.Names.Select(name => McpNames.Advertise("s", name, _ => false)).ToList();
        var run = RunnerHarness.DefaultRun with
        {
            Tools = [new ToolDefinition { Name = "s", Effect = effect, McpUrl = server.Url.ToString() }],
        };
        return RunnerHarness.StartAsync(
            run,
            [
                .. Enumerable.Range(0, 6).Select(_ => ModelStep.Call(
                    [.. Enumerable.Range(1, random.Next(1, 4)).Select(id => new ToolCall($"{id}", names[random.Next(names.Count)], "{}"))])),
                ModelStep.Say("done"),
            ]);
    }

    private static RunDescription WithEffect(RunDescription run, ToolEffect effect) => run with { Tools = [run.Tools[0] with { Effect = effect }] };

    private static IReadOnlyList<OfferedTool>? Offered(RunnerHarness harness) =>
        harness.Journal.Records.FirstOrDefault(record => record.Kind == RecordKinds.ToolsListed)
        ?.Payload.Deserialize(ProtocolJson.Default.ToolsListedPayload)!.Tools;

    /// <summary>The names of the last answer's calls that have no outcome.</summary>
    private static HashSet<string> OpenCalls(RunnerHarness harness)
    {
        var records = harness.Journal.Records;
        var answer = records.LastOrDefault(record => record.Kind == RecordKinds.ModelAnswer);
        var answered = records.Where(record => record.Sequence > answer?.Sequence && RecordKinds.IsToolOutcome(record.Kind))
            .Select(record => record.CallId).ToHashSet();
        return [.. answer?.Payload.Deserialize(ProtocolJson.Default.ModelAnswerPayload)!.ToolCalls
            .Where(call => !answered.Contains(call.Id)).Select(call => call.Name) ?? []];
    }

    private static bool HasChanged(OfferedTool tool, RunnerHarness harness, AnyToolList now)
    {
        var same = now.Tools.Where(listed => listed.Name == tool.ServerTool).ToList();
        return tool.Effect != harness.Gateway.Run.Tools[0].Effect || same.Count == 0
            || same.Exists(listed => listed.Schema != AnyToolList.NumberOf(tool.InputSchema));
    }

    private static List<(string Name, string Description, string InputSchema)> Sent(ModelRequest request)
    {
        using var body = JsonDocument.Parse(request.Body);
        return body.RootElement.TryGetProperty("tools", out var tools)
            ? [.. tools.EnumerateArray().Select(tool => tool.GetProperty("function")).Select(function => (
                function.GetProperty("name").GetString()!, function.GetProperty("description").GetString()!,
                function.GetProperty("parameters").GetRawText()))]
            : [];
    }
}
