namespace AgentOperator.ProtocolConformance.Trials;

/// <summary>The provider does not do what the runner asks.</summary>
internal sealed class Refusals : Trial
{
    private const int Long = 600;

    public override IReadOnlyList<Point> Points =>
        [AllPoints.RejectionEnds, AllPoints.ProviderAway, AllPoints.ToolsLeftOut, AllPoints.ContextShortened];

    protected override Task RunAsync(RunnerUnderTest runner, Verdict verdict) => Task.WhenAll(
        RejectionAsync(runner, verdict), AwayAsync(runner, verdict), ToolsAsync(runner, verdict), ContextAsync(runner, verdict));

    private static async Task RejectionAsync(RunnerUnderTest runner, Verdict verdict)
    {
        await using var stage = await Stage.StartAsync(new StageOptions(Script.Of(Script.Refuse(400))));
        var end = await stage.PlayAsync(runner);
        var finish = await EndOfAsync(stage);
        verdict.Check(
            AllPoints.RejectionEnds, finish?.Reason == TerminationReasons.ModelRejected && end.Is(RunnerExitCodes.AuthOrQuota),
            "a failed result with ModelRejected, exit 77", $"{Say(finish)}; {end}; {stage.Wire.Story}");
    }

    private static async Task AwayAsync(RunnerUnderTest runner, Verdict verdict)
    {
        await using var stage = await Stage.StartAsync(new StageOptions(Script.Of(Script.Say("never"))));
        stage.Wire.Add(new Fault(exchange => exchange.IsChat, int.MaxValue) { Answer = Fault.Problem(503, ErrorCodes.ModelUnavailable, Long) });
        var end = await stage.PlayAsync(runner);
        verdict.Check(
            AllPoints.ProviderAway,
            end.Is(RunnerExitCodes.EndpointUnavailable, TerminationReasons.EndpointUnavailable) && await EndOfAsync(stage) is null,
            "exit 69, EndpointUnavailable, and the run is not ended", $"{end}; the run's end: {Say(await EndOfAsync(stage))}");
    }

    private static async Task ToolsAsync(RunnerUnderTest runner, Verdict verdict)
    {
        await using var stage = await Stage.StartAsync(new StageOptions(Script.Of(Script.Say("done"))));
        stage.Wire.Add(new Fault(exchange => exchange.IsChat) { Answer = Fault.Problem(422, ErrorCodes.ModelRejected, rejectedTools: ["shell"]) });
        var end = await stage.PlayAsync(runner);
        var leftOut = await RecordsAsync(stage, RecordKinds.ToolsLeftOut);
        verdict.Check(
            AllPoints.ToolsLeftOut,
            leftOut.Count == 1 && end.Is(RunnerExitCodes.Done) && stage.Wire.Chats is [_, var second] && OfferedTools.Of(second).Length == 0,
            "ToolsLeftOut, then a request without the tool, exit 0", $"{leftOut.Count} records; {end}; {stage.Wire.Story}");
    }

    private static async Task ContextAsync(RunnerUnderTest runner, Verdict verdict)
    {
        await using var stage = await Stage.StartAsync(
            new StageOptions(Script.Of(Script.Shell("head -c 6000 /dev/zero | tr '\\0' x"), Script.Shell("echo two"), Script.Say("done"))));
        stage.Wire.Add(new Fault(exchange => exchange.IsChat && stage.Wire.Chats.Count == 3)
        {
            Answer = Fault.Problem(413, ErrorCodes.ContextTooLong),
        });
        var end = await stage.PlayAsync(runner);
        var shortened = await RecordsAsync(stage, RecordKinds.ContextShortened);
        verdict.Check(
            AllPoints.ContextShortened,
            shortened.Count == 1 && end.Is(RunnerExitCodes.Done)
                && stage.Wire.Chats is [_, _, var refused, var taken] && taken.Body.Length < refused.Body.Length && taken.Key != refused.Key,
            "ContextShortened, then a shorter request with another key, exit 0",
            $"{shortened.Count} records; requests of {string.Join(", ", stage.Wire.Chats.Select(chat => chat.Body.Length))} bytes; {end}; "
                + stage.Wire.Story);
    }
}
