using System.Text;
using System.Text.Json.Nodes;

namespace AgentOperator.ProtocolConformance.Trials;

/// <summary>The next attempt would ask the model something else.</summary>
internal sealed class OtherTask : Trial
{
    public override IReadOnlyList<Point> Points => [AllPoints.DivergenceStops];

    protected override async Task RunAsync(RunnerUnderTest runner, Verdict verdict)
    {
        await using var stage = await Stage.StartAsync(new StageOptions(Script.Of(Script.Shell("echo one"), Script.Say("done"))));
        stage.Wire.Add(new Fault(_ => stage.Wire.Chats.Count == 2) { After = _ => stage.KillAsync() });
        await stage.PlayAsync(runner);
        var before = stage.Wire.Steps.Count;
        stage.Wire.Add(new Fault(exchange => exchange.Method == "GET", int.MaxValue)
        {
            Rewrite = WithOtherTask,
        });
        var end = await stage.PlayAsync(runner);
        verdict.Check(
            AllPoints.DivergenceStops,
            end.Is(RunnerExitCodes.Fenced, TerminationReasons.Diverged) && !stage.Wire.Steps.Skip(before).Any(step => step.IsWrite),
            "exit 66, Diverged, and nothing written", $"{end}; {string.Join("; ", stage.Wire.Steps.Skip(before))}");
    }

    private static byte[] WithOtherTask(byte[] answer)
    {
        var page = JournalPages.Of(answer);
        var root = JsonNode.Parse(answer)!.AsObject();
        if (root["task"] is null)
        {
            return answer;
        }

        root["task"] = "something else";
        var changed = Encoding.UTF8.GetBytes(root.ToJsonString());
        return page is null ? changed : JournalPages.Change(changed, _ => page);
    }
}
