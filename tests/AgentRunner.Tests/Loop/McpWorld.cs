using AgentOperator.Protocol;
using AgentRunner.Tests.Fakes;

namespace AgentRunner.Tests.Loop;

/// <summary>Runs whose only tool is an MCP server's <c>act</c>.</summary>
internal static class McpWorld
{
    /// <summary>A harness for a run that calls the tool a number of times.</summary>
    public static Task<RunnerHarness> StartAsync(Uri url, ToolEffect effect, int calls, int stepTimeoutSeconds = 60) => RunnerHarness.StartAsync(
        RunnerHarness.DefaultRun with
        {
            Tools = [new ToolDefinition { Name = "s", Effect = effect, McpUrl = url.ToString() }],
            Limits = RunnerHarness.DefaultRun.Limits with { StepTimeoutSeconds = stepTimeoutSeconds, MaxToolOutputBytes = 2048 },
        },
        [.. Enumerable.Repeat(ModelStep.Call(new ToolCall("1", "s_act", "{}")), calls), ModelStep.Say("done")]);

    /// <summary>Runs an attempt that has to succeed.</summary>
    public static async Task SucceedAsync(this RunnerHarness harness)
    {
        var exit = await harness.RunAttemptAsync();
        Assert.That(exit.Code, Is.EqualTo(RunnerExitCodes.Done), exit.Message);
    }

    /// <summary>What became of the calls.</summary>
    public static IReadOnlyList<string> Outcomes(this RunnerHarness harness) =>
    [
        .. harness.Journal.Records.Select(record => record.Kind)
            .Where(kind => kind is RecordKinds.ToolResult or RecordKinds.ToolFailed or RecordKinds.ToolUnknown),
    ];
}
