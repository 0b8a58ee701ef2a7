namespace AgentOperator.ProtocolConformance.Trials;

/// <summary>Somebody else writes to the journal while the runner works.</summary>
internal sealed class OtherWriters : Trial
{
    public override IReadOnlyList<Point> Points => [AllPoints.StaleEpochStops, AllPoints.ConflictReadsOn, AllPoints.RunFinishedExits];

    protected override Task RunAsync(RunnerUnderTest runner, Verdict verdict) => Task.WhenAll(
        StaleAsync(runner, verdict), ConflictAsync(runner, verdict), FinishedAsync(runner, verdict));

    private static async Task<(Stage Stage, RunnerEnd End)> PlayAsync(RunnerUnderTest runner, Func<Stage, Task> beforeTheResult)
    {
        var stage = await Stage.StartAsync(new StageOptions(Script.Of(Script.Shell("echo one"), Script.Say("done"))));
        stage.Wire.Add(new Fault(exchange => exchange.Appends(RecordKinds.ToolResult)) { Before = _ => beforeTheResult(stage) });
        try
        {
            return (stage, await stage.PlayAsync(runner));
        }
        catch
        {
            await stage.DisposeAsync();
            throw;
        }
    }

    private static async Task StaleAsync(RunnerUnderTest runner, Verdict verdict)
    {
        var (stage, end) = await PlayAsync(runner, stage => stage.ClaimAsync());
        await using var _ = stage;
        var after = stage.Wire.Steps.SkipWhile(step => !step.Appends(RecordKinds.ToolResult)).Skip(1).ToList();
        verdict.Check(
            AllPoints.StaleEpochStops, end.Is(RunnerExitCodes.Fenced, TerminationReasons.StaleEpoch) && !after.Any(step => step.IsWrite),
            "exit 66, StaleEpoch, and no write after the refused one", $"{end}; after it: {string.Join("; ", after)}");
    }

    private static async Task ConflictAsync(RunnerUnderTest runner, Verdict verdict)
    {
        var (stage, end) = await PlayAsync(runner, stage => stage.AppendUnusedCallAsync());
        await using var _ = stage;
        var results = await RecordsAsync(stage, RecordKinds.ToolResult);
        verdict.Check(
            AllPoints.ConflictReadsOn, end.Is(RunnerExitCodes.Done) && results.Count == 1 && stage.Wire.Steps.Count(step => step.Status == 409) == 1,
            "one 409, one ToolResult, exit 0", $"{results.Count} results; {end}; {stage.Wire.Story}");
    }

    private static async Task FinishedAsync(RunnerUnderTest runner, Verdict verdict)
    {
        var finished = new RunFinishedPayload { Outcome = RunOutcome.Failed, Reason = TerminationReasons.DeadlineExceeded };
        var (stage, end) = await PlayAsync(runner, stage => stage.Journal.FinishAsync(stage.Run, finished, default));
        await using var _ = stage;
        verdict.Check(AllPoints.RunFinishedExits, end.Is(RunnerExitCodes.Done), "exit 0", $"{end}; {stage.Wire.Story}");
    }
}
