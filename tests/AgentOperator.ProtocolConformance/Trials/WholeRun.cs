namespace AgentOperator.ProtocolConformance.Trials;

/// <summary>Nothing goes wrong, but that the token is replaced.</summary>
internal sealed class WholeRun : Trial
{
    private const string Result = "the-result-that-nobody-may-tell";

    public override IReadOnlyList<Point> Points =>
    [
        AllPoints.TokenSent, AllPoints.TokenReadAgain, AllPoints.JournalReadFirst, AllPoints.ToolsListedFirst, AllPoints.SameToolsOffered,
        AllPoints.OutcomeBeforeNextCall, AllPoints.ResultOnce, AllPoints.ReportWritten, AllPoints.NothingSecretTold,
    ];

    protected override async Task RunAsync(RunnerUnderTest runner, Verdict verdict)
    {
        var options = new StageOptions(Script.Of(Script.Shell("echo one"), Script.Shell("echo two"), Script.Say(Result)));
        await using var stage = await Stage.StartAsync(options);
        var replaced = (At: int.MaxValue, Token: "");
        stage.Wire.Add(new Fault(exchange => exchange.IsChat)
        {
            After = _ =>
            {
                replaced = (stage.Wire.Steps.Count, stage.ReplaceToken());
                return Task.CompletedTask;
            },
        });
        var end = await stage.PlayAsync(runner);
        var (wire, records, finish) = (stage.Wire, await stage.RecordsAsync(), await EndOfAsync(stage));

        var tokens = stage.Tokens.Issued.Select(token => $"Bearer {token}").ToHashSet();
        var unknown = wire.Exchanges.Where(exchange => !tokens.Contains(exchange.Authorization ?? "")).ToList();
        verdict.Check(
            AllPoints.TokenSent, wire.Exchanges.Count > 0 && unknown.Count == 0, "a token of the file on each request",
            unknown.Count == 0 ? $"{wire.Exchanges.Count} requests, all with one" : $"not on {unknown[0]}");
        var stale = wire.Steps.Skip(replaced.At).Where(exchange => exchange.Authorization != $"Bearer {replaced.Token}").ToList();
        verdict.Check(
            AllPoints.TokenReadAgain, replaced.At < wire.Steps.Count && stale.Count == 0, "the new token on each request after it was replaced",
            stale.Count == 0 ? $"{wire.Steps.Count - replaced.At} requests after it" : $"an older one on {stale[0]}");
        ReadFirst.Check(AllPoints.JournalReadFirst, verdict, wire.Steps, head: 2);
        CheckRecords(verdict, records, wire);
        verdict.Check(
            AllPoints.ResultOnce,
            end.Is(RunnerExitCodes.Done) && finish is { Outcome: RunOutcome.Succeeded, Result: Result }
                && wire.Steps.Count(step => step.IsResult) == 1,
            "the model's final answer as the result, posted once, and exit 0", $"{end}; the run's end: {Say(finish)}; {wire.Story}");
        verdict.Check(
            AllPoints.ReportWritten, end is { ReportBytes.Length: > 0 and <= TerminationReport.MaxBytes, Report.Reason: "Completed" },
            "a report of 1 to 4096 bytes with the reason Completed", $"{end.ReportBytes.Length} bytes: {end}");
        string[] secrets = [options.Task, options.Instructions, Result, .. stage.Tokens.Issued];
        var told = secrets.Where(secret => $"{end.Output} {end.Report} {finish?.Message}".Contains(secret, StringComparison.Ordinal)).ToList();
        verdict.Check(
            AllPoints.NothingSecretTold, told.Count == 0, "no task, instructions, result and token in report, message and output",
            told.Count == 0 ? "none" : $"{told.Count} of them");
    }

    private static void CheckRecords(Verdict verdict, IReadOnlyList<JournalRecord> records, Wire wire)
    {
        var kinds = records.Select(record => record.Kind).ToList();
        var listed = kinds.IndexOf(RecordKinds.ToolsListed);
        verdict.Check(
            AllPoints.ToolsListedFirst, listed >= 0 && listed < kinds.IndexOf(RecordKinds.ModelAnswer),
            "ToolsListed before the first ModelAnswer",
            string.Join(", ", kinds));
        var expected = listed < 0
            ? ""
            : string.Join(", ", records[listed].Payload.GetProperty("tools").EnumerateArray().Select(tool => tool.GetProperty("name").GetString()));
        var offered = wire.Chats.Select(OfferedTools.Of).Distinct().ToList();
        verdict.Check(
            AllPoints.SameToolsOffered, listed >= 0 && offered is [var only] && only == expected, $"in each request: {expected}",
            string.Join("; ", offered.DefaultIfEmpty("no request")));
        var open = records.Index().Where(record => record.Item.Kind == RecordKinds.ModelAnswer).Skip(1)
            .Where(answer => records[answer.Index - 1].Kind == RecordKinds.ModelAnswer).ToList();
        verdict.Check(
            AllPoints.OutcomeBeforeNextCall, open.Count == 0 && wire.Chats.Count == 3, "3 model calls, an outcome before the second and the third",
            string.Join(", ", kinds));
    }
}
