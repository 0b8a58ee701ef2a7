using System.Text;
using System.Text.Json.Nodes;

namespace AgentOperator.ProtocolConformance.Trials;

/// <summary>Answers of a newer gateway, and of a slow network.</summary>
internal sealed class OddAnswers : Trial
{
    public override IReadOnlyList<Point> Points => [AllPoints.UnknownFieldsIgnored, AllPoints.SlowAnswersRead];

    protected override Task RunAsync(RunnerUnderTest runner, Verdict verdict) => Task.WhenAll(
        CheckAsync(AllPoints.UnknownFieldsIgnored, runner, new Fault(_ => true, int.MaxValue) { Rewrite = WithMore }, verdict),
        CheckAsync(AllPoints.SlowAnswersRead, runner, new Fault(_ => true, int.MaxValue) { IsSlow = true }, verdict));

    private static async Task CheckAsync(Point point, RunnerUnderTest runner, Fault fault, Verdict verdict)
    {
        await using var stage = await Stage.StartAsync(new StageOptions(Script.Of(Script.Shell("echo one"), Script.Say("done"))));
        stage.Wire.Add(fault);
        var end = await stage.PlayAsync(runner);
        verdict.Check(point, end.Is(RunnerExitCodes.Done), "the run succeeds, exit 0", $"{end}; {stage.Wire.Story}");
    }

    /// <summary>The answer with fields that no version knows, at its end: records stay as they are.</summary>
    private static byte[] WithMore(byte[] answer)
    {
        var more = new JsonObject { ["zzNew"] = new JsonObject { ["a"] = new JsonArray(1, null, "b") }, ["zzNull"] = null }.ToJsonString();
        return Encoding.UTF8.GetBytes($"{Encoding.UTF8.GetString(answer).TrimEnd()[..^1]},{more[1..]}");
    }
}
