namespace AgentOperator.EndToEnd.Servers;

/// <summary>Two MCP servers that people use: the reference server with its many kinds of results, and one that serves files.</summary>
public sealed class McpServersTests() : ServerTest(ServerImages.Mcp)
{
    private const string Modules = "/app/node_modules/";

    [TestCase("streamableHttp", "mcp")]
    [TestCase("sse", "sse")]
    public async Task ToolsOfTwoServers_BothRestartMidRun_RunGoesOnInNewSessions(string transport, string path)
    {
        await StartServersAsync(transport);
        var scenario = NewScenario()
            .Call("everything_get-annotated-message", new { messageType = "error", includeImage = true })
            .Call("everything_get-tiny-image", new { }, expect: "Operation failed")
            .Call("notes_write_file", new { path = "/data/report.txt", content = "42 apples" }, expect: "[image content is not shown]")
            .Call("notes_read_text_file", new { path = "/data/report.txt" }, expect: "Successfully wrote")
            .Call("everything_echo", new { message = "after the restart" }, expect: "42 apples", holdUntil: "restarted")
            .Call("notes_list_directory", new { path = "/data" }, expect: "Echo: after the restart")
            .Answer("Done.");
        var run = await StartAsync(scenario, Specs.Of(ScenarioName) with
        {
            Tools =
            [
                new ToolSpec { Name = "everything", Mcp = new McpSpec { Url = $"http://everything.{Namespace}.svc/mcp" } },
                new ToolSpec { Name = "notes", Mcp = new McpSpec { Url = $"http://notes.{Namespace}.svc/{path}" } },
            ],
        });

        await run.UntilAsync("four tool calls", status => status.Usage?.ToolCalls == 4);
        await StopServerAsync("everything");
        await StopServerAsync("notes");
        await StartServersAsync(transport);
        await Model.AddEffectAsync(ScenarioName, "restarted");
        var status = await run.SucceededAsync(7);

        var outcomes = await run.ToolOutcomesAsync();
        await TestContext.Out.WriteLineAsync(string.Join('\n', outcomes.Select(outcome => $"{outcome.Kind}: {outcome.Content}")));
        Assert.That(status.EndsOf(), Is.EqualTo(new[] { Outcomes.Completed }));
        Assert.That(outcomes.Select(outcome => outcome.Kind), Is.EqualTo(Enumerable.Repeat(RecordKinds.ToolResult, 6)));
        Assert.That(outcomes[^1].Content, Does.Not.Contain("report.txt"), "it is another server now");
    }

    private Task StartServersAsync(string transport) => Task.WhenAll(
        StartServerAsync(
            "everything",
            [$"{Modules}@modelcontextprotocol/server-everything/dist/index.js", "streamableHttp"],
            new Dictionary<string, string> { ["PORT"] = "8080" }),
        StartServerAsync(
            "notes",
            [
                $"{Modules}supergateway/dist/index.js",
                "--stdio",
                $"node {Modules}@modelcontextprotocol/server-filesystem/dist/index.js /data",
                "--outputTransport",
                transport,
                "--stateful",
                "--port",
                "8080",
            ]));
}
