namespace AgentOperator.ProtocolConformance.Trials;

/// <summary>The runner is killed while a tool runs.</summary>
internal sealed class KilledInFlight : Trial
{
    private const string Ledger = "ledger";
    private const string Go = "go";
    private const string Command = $"echo \"key=$IDEMPOTENCY_KEY\" >> {Ledger}; while [ ! -e {Go} ]; do sleep 0.05; done; echo finished";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>Long enough for a tool that does not wait for its intent to show.</summary>
    private static readonly TimeSpan Held = TimeSpan.FromMilliseconds(300);

    public override IReadOnlyList<Point> Points =>
        [AllPoints.IntentBeforeTool, AllPoints.IrreversibleOnce, AllPoints.KeyedSameKey, AllPoints.PureAgain];

    protected override Task RunAsync(RunnerUnderTest runner, Verdict verdict) => Task.WhenAll(
        RunAsync(runner, verdict, ToolEffect.Irreversible), RunAsync(runner, verdict, ToolEffect.Keyed), RunAsync(runner, verdict, ToolEffect.Pure));

    private static async Task RunAsync(RunnerUnderTest runner, Verdict verdict, ToolEffect effect)
    {
        await using var stage = await Stage.StartAsync(new StageOptions(Script.Of(Script.Shell(Command), Script.Say("done"))) { Shell = effect });
        var startedEarly = false;
        stage.Wire.Add(new Fault(exchange => exchange.Appends(RecordKinds.ToolIntent))
        {
            After = async _ =>
            {
                await Task.Delay(Held, TimeProvider.System);
                startedEarly = stage.Folder.Lines(Ledger).Count > 0;
            },
        });
        using (var process = await stage.StartAsync(runner))
        {
            await Eventually.TrueAsync("the tool starts", () => Task.FromResult(stage.Folder.Lines(Ledger).Count > 0), Patience);
            await process.KillAsync();
        }

        await File.WriteAllTextAsync(Path.Combine(stage.Folder.Workspace, Go), "");
        var end = await stage.PlayAsync(runner);
        var seen = new Seen(
            end, stage.Folder.Lines(Ledger), await RecordsAsync(stage, RecordKinds.ToolIntent), await OutcomesAsync(stage), startedEarly);
        Check(verdict, effect, seen);
    }

    private static void Check(Verdict verdict, ToolEffect effect, Seen seen)
    {
        if (effect != ToolEffect.Pure)
        {
            verdict.Check(
                AllPoints.IntentBeforeTool, seen.Intents.Count == 1 && !seen.StartedEarly,
                $"one ToolIntent of the {effect} call, and no effect before it",
                $"{seen.Intents.Count} intents{(seen.StartedEarly ? ", and the effect came first" : "")}");
        }

        var key = seen.Intents.Count > 0 ? seen.Intents[0].StepKey : null;
        var (point, expected, passed) = effect switch
        {
            ToolEffect.Irreversible => (
                AllPoints.IrreversibleOnce, "one start, then ToolUnknown", seen.Ledger.Count == 1 && seen.Outcomes is [(RecordKinds.ToolUnknown, _)]),
            ToolEffect.Keyed => (
                AllPoints.KeyedSameKey, "two starts with the intent's step key as IDEMPOTENCY_KEY, then ToolResult",
                seen.Ledger.Count == 2 && seen.Ledger.All(line => line == $"key={key}")
                    && seen.Outcomes is [(RecordKinds.ToolResult, _)]),
            _ => (AllPoints.PureAgain, "two starts, then ToolResult", seen.Ledger.Count == 2 && seen.Outcomes is [(RecordKinds.ToolResult, _)]),
        };
        verdict.Check(
            point, passed && seen.End.Is(RunnerExitCodes.Done), $"{expected}, exit 0",
            $"starts: {string.Join(", ", seen.Ledger)}; outcomes: {string.Join(", ", seen.Outcomes.Select(outcome => outcome.Kind))}; {seen.End}");
    }

    /// <summary>What came of it.</summary>
    private sealed record Seen(
        RunnerEnd End, IReadOnlyList<string> Ledger, IReadOnlyList<JournalRecord> Intents,
        IReadOnlyList<(string Kind, ToolOutcomePayload Payload)> Outcomes, bool StartedEarly);
}
