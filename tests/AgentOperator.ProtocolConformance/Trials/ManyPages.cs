namespace AgentOperator.ProtocolConformance.Trials;

/// <summary>A journal of several pages.</summary>
internal sealed class ManyPages : Trial
{
    private const int RecordsOfAPage = 2;

    public override IReadOnlyList<Point> Points => [AllPoints.AllPagesRead];

    protected override async Task RunAsync(RunnerUnderTest runner, Verdict verdict)
    {
        await using var stage = await Stage.StartAsync(new StageOptions(Script.Of(Script.Shell("echo one"), Script.Say("done"))));
        stage.Wire.Add(new Fault(_ => stage.Wire.Chats.Count == 2) { After = _ => stage.KillAsync() });
        await stage.PlayAsync(runner);
        var before = stage.Wire.Steps.Count;
        var head = (await stage.RecordsAsync()).Count + 1;
        stage.Wire.Add(new Fault(exchange => exchange.IsJournalRead, int.MaxValue)
        {
            Rewrite = answer => JournalPages.Change(answer, page => page with { Records = [.. page.Records.Take(RecordsOfAPage)] }),
        });
        var end = await stage.PlayAsync(runner);
        ReadFirst.Check(AllPoints.AllPagesRead, verdict, [.. stage.Wire.Steps.Skip(before)], head);
        verdict.Check(AllPoints.AllPagesRead, end.Is(RunnerExitCodes.Done), "exit 0", $"{end}; {stage.Wire.Story}");
    }
}
