using System.Text;
using System.Text.Json.Nodes;

namespace AgentOperator.ProtocolConformance.Trials;

/// <summary>Journals that a runner must not use.</summary>
internal sealed class BrokenJournals : Trial
{
    public override IReadOnlyList<Point> Points => [AllPoints.PrevHashChecked, AllPoints.UnknownKindStops, AllPoints.NewerSchemaStops];

    protected override Task RunAsync(RunnerUnderTest runner, Verdict verdict) => Task.WhenAll(
        CheckAsync(
            AllPoints.PrevHashChecked, runner, page => page with { Records = [Changed(page.Records[0]), .. page.Records.Skip(1)] },
            [TerminationReasons.JournalBroken], verdict),
        CheckAsync(
            AllPoints.UnknownKindStops, runner, page => WithOneMore(page, "Telepathy", 2),
            [TerminationReasons.JournalBroken, TerminationReasons.NewerRecord], verdict),
        CheckAsync(
            AllPoints.NewerSchemaStops, runner, page => WithOneMore(page, RecordKinds.ModelCallsUnused, 99),
            [TerminationReasons.NewerRecord], verdict));

    private static async Task CheckAsync(
        Point point, RunnerUnderTest runner, Func<JournalPages, JournalPages> change, string[] reasons, Verdict verdict)
    {
        await using var stage = await Stage.StartAsync(new StageOptions(Script.Of(Script.Say("done"))));
        stage.Wire.Add(new Fault(exchange => exchange.IsJournalRead && !exchange.Target.EndsWith("after=3", StringComparison.Ordinal), int.MaxValue)
        {
            Rewrite = answer => JournalPages.Change(answer, page => page.Records.Count == 2 ? change(page) : page),
        });
        var end = await stage.PlayAsync(runner);
        verdict.Check(
            point, end.Is(RunnerExitCodes.Fenced, reasons) && !stage.Wire.Steps.Any(step => step.IsWrite),
            $"exit 66, the reason {string.Join(" or ", reasons)}, and nothing written", $"{end}; {stage.Wire.Story}");
    }

    /// <summary>The time decides nothing, so only the hash can tell.</summary>
    private static string Changed(string record)
    {
        var at = record.IndexOf("\"time\":\"20", StringComparison.Ordinal) + "\"time\":\"20".Length;
        return string.Concat(record.AsSpan(0, at), record[at] == '9' ? "8" : "9", record.AsSpan(at + 1));
    }

    private static JournalPages WithOneMore(JournalPages page, string kind, int schemaVersion)
    {
        var record = new JsonObject
        {
            ["schemaVersion"] = schemaVersion,
            ["sequence"] = page.Head + 1,
            ["epoch"] = 1,
            ["kind"] = kind,
            ["time"] = "2026-11-27T00:00:00+00:00",
            ["prevHash"] = JournalHash.Of(Encoding.UTF8.GetBytes(page.Records[^1])),
            ["payload"] = new JsonObject { ["calls"] = 1, ["usage"] = new JsonObject() },
        };
        return new JournalPages([.. page.Records, record.ToJsonString()], page.Head + 1);
    }
}
