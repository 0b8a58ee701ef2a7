namespace AgentOperator.ProtocolConformance.Trials;

/// <summary>Answers that a model should not give.</summary>
internal sealed class OddCalls : Trial
{
    public override IReadOnlyList<Point> Points =>
        [AllPoints.OddArgumentsNotRun, AllPoints.CutCallsNotRun, AllPoints.UnknownToolNotRun, AllPoints.BlankAnswerAskedAgain];

    protected override async Task RunAsync(RunnerUnderTest runner, Verdict verdict)
    {
        await using var stage = await Stage.StartAsync(new StageOptions(Script.Of(
            Script.Call("shell", """["echo odd >> ledger"]"""), Script.Call("shell", """{"command":"echo cut >> ledger"}""", finishReason: "length"),
            Script.Call("nosuch", """{"command":"echo nosuch >> ledger"}"""), Script.Say(""), Script.Say("done"))));
        var end = await stage.PlayAsync(runner);
        var kinds = (await OutcomesAsync(stage)).Select(outcome => outcome.Kind).ToList();
        var starts = stage.Folder.Lines("ledger");
        (Point, string)[] calls = [(AllPoints.OddArgumentsNotRun, "odd"), (AllPoints.CutCallsNotRun, "cut"), (AllPoints.UnknownToolNotRun, "nosuch")];
        foreach (var (index, (point, name)) in calls.Index())
        {
            verdict.Check(
                point, !starts.Contains(name) && kinds.ElementAtOrDefault(index) == RecordKinds.ToolFailed, $"no start of {name}, ToolFailed",
                $"starts: {string.Join(", ", starts)}; outcomes: {string.Join(", ", kinds)}; {end}; {stage.Wire.Story}");
        }

        var role = stage.Wire.Chats is [_, _, _, _, var last]
            ? last.Json.GetProperty("messages").EnumerateArray().Last().GetProperty("role").GetString()
            : null;
        verdict.Check(
            AllPoints.BlankAnswerAskedAgain, end.Is(RunnerExitCodes.Done) && role == "user",
            "after the fourth answer a fifth request that ends with a user's message, exit 0",
            $"{stage.Wire.Chats.Count} requests, the last message is of {role ?? "nobody"}; {end}");
    }
}
