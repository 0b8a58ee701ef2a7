namespace AgentOperator.ProtocolConformance.Trials;

/// <summary>The runner is killed at each of its requests in turn, and started again.</summary>
internal sealed class KilledAnywhere : Trial
{
    public override IReadOnlyList<Point> Points => [AllPoints.PaidOnce, AllPoints.SameRequests];

    private static StageOptions Options => new(Script.Of(Script.Shell("echo one"), Script.Say("done")));

    protected override async Task RunAsync(RunnerUnderTest runner, Verdict verdict)
    {
        await using var whole = await Stage.StartAsync(Options);
        await whole.PlayAsync(runner);
        var expected = Hashes(whole);
        await Parallel.ForAsync(
            1, whole.Wire.Steps.Count + 1, new ParallelOptions { MaxDegreeOfParallelism = 4 },
            async (request, _) => await RunAsync(runner, verdict, request, expected));
    }

    private static async Task RunAsync(RunnerUnderTest runner, Verdict verdict, int request, IReadOnlyList<string> expected)
    {
        await using var stage = await Stage.StartAsync(Options);
        stage.Wire.Add(new Fault(exchange => !exchange.IsHeartbeat && stage.Wire.Steps.Count == request) { After = _ => stage.KillAsync() });
        await stage.PlayAsync(runner);
        var killedAt = stage.Wire.Steps[^1];
        var end = await stage.PlayAsync(runner);
        var calls = stage.Model.Log.Summarize();
        verdict.Check(
            AllPoints.PaidOnce, calls.RepeatedModelCalls == 0 && calls.ModelCalls == expected.Count && end.Is(RunnerExitCodes.Done),
            $"{expected.Count} model calls, none twice, exit 0 (killed at request {request}: {killedAt})",
            $"{calls.ModelCalls} calls, {calls.RepeatedModelCalls} repeated; {end}; {stage.Wire.Story}");
        verdict.Check(
            AllPoints.SameRequests, Hashes(stage).SequenceEqual(expected), $"the requests of the uninterrupted run (killed at request {request})",
            $"{Hashes(stage).Except(expected).Count()} others; {stage.Wire.Story}");
    }

    private static List<string> Hashes(Stage stage) => [.. stage.Model.Log.List().Select(call => call.RequestHash)];
}
