using System.Text;
using System.Text.Json.Nodes;
using AgentOperator.Api;

namespace AgentOperator.ProtocolConformance.Trials;

/// <summary>Runs that come to a limit.</summary>
internal sealed class ReachedLimits : Trial
{
    private const int Steps = 2;
    private const int DeadlineSeconds = 3;

    public override IReadOnlyList<Point> Points =>
        [AllPoints.MaxStepsObeyed, AllPoints.LimitsAskedAgain, AllPoints.DeadlineObeyed, AllPoints.GatewayClock, AllPoints.BudgetEnds];

    private static string ThreeCalls => Script.Of(Script.Shell("echo one"), Script.Shell("echo two"), Script.Shell("echo three"), Script.Say("done"));

    protected override Task RunAsync(RunnerUnderTest runner, Verdict verdict) => Task.WhenAll(
        StepsAsync(runner, verdict), RaisedAsync(runner, verdict), DeadlineAsync(runner, verdict), BudgetAsync(runner, verdict));

    private static async Task StepsAsync(RunnerUnderTest runner, Verdict verdict)
    {
        await using var stage = await Stage.StartAsync(new StageOptions(ThreeCalls) { Limits = new LimitsSpec { MaxSteps = Steps } });
        var end = await stage.PlayAsync(runner);
        var finish = await EndOfAsync(stage);
        verdict.Check(
            AllPoints.MaxStepsObeyed,
            stage.Wire.Chats.Count == Steps && end.Is(RunnerExitCodes.BudgetExhausted) && finish?.Reason == TerminationReasons.BudgetExhausted,
            $"{Steps} model calls, BudgetExhausted, exit 65", $"{stage.Wire.Chats.Count} model calls; {Say(finish)}; {end}");
    }

    private static async Task RaisedAsync(RunnerUnderTest runner, Verdict verdict)
    {
        // Heartbeats are too rare to bring the new limit, and the gateway's cache does not have it.
        await using var stage = await Stage.StartAsync(new StageOptions(ThreeCalls)
        {
            Limits = new LimitsSpec { MaxSteps = Steps }, HeartbeatTimeoutSeconds = 600,
        });
        stage.Wire.Add(new Fault(exchange => exchange.IsChat && stage.Wire.Chats.Count == Steps)
        {
            After = _ => stage.ChangeAsync(spec => spec with { Limits = spec.Limits with { MaxSteps = 10 } }, isSeen: false),
        });
        var end = await stage.PlayAsync(runner);
        verdict.Check(
            AllPoints.LimitsAskedAgain, end.Is(RunnerExitCodes.Done) && stage.Wire.Chats.Count == 4,
            "GET /v1/run before the end, then 4 model calls and exit 0", $"{end}; {stage.Wire.Story}");
    }

    private static async Task DeadlineAsync(RunnerUnderTest runner, Verdict verdict)
    {
        await using var stage = await Stage.StartAsync(new StageOptions(Script.Of(Script.Shell("sleep 60"), Script.Say("done")))
        {
            Limits = new LimitsSpec { ActiveDeadlineSeconds = 600 },
        });

        // The deadline comes only when the tool runs, however busy the machine is. Heartbeats bring it.
        DateTimeOffset? deadline = null;
        stage.Wire.Add(new Fault(exchange => exchange.IsHeartbeat || exchange.Method == "GET", int.MaxValue)
        {
            Rewrite = answer => OneHourEarlier(answer, now => stage.Wire.Chats.Count == 0 ? null : deadline ??= now.AddSeconds(DeadlineSeconds)),
        });
        var end = await stage.PlayAsync(runner);
        var finish = await EndOfAsync(stage);
        verdict.Check(
            AllPoints.DeadlineObeyed, finish?.Reason == TerminationReasons.DeadlineExceeded && end.Is(RunnerExitCodes.BudgetExhausted),
            "DeadlineExceeded, exit 65", $"{Say(finish)}; {end}");
        verdict.Check(
            AllPoints.GatewayClock, stage.Wire.Chats.Count == 1,
            "one model call long before the deadline, which is an hour ago by the runner's clock",
            $"{stage.Wire.Chats.Count} model calls; {Say(finish)}");
    }

    private static async Task BudgetAsync(RunnerUnderTest runner, Verdict verdict)
    {
        await using var stage = await Stage.StartAsync(new StageOptions(ThreeCalls) { Limits = new LimitsSpec { MaxTokens = 1 } });
        var end = await stage.PlayAsync(runner);
        var finish = await EndOfAsync(stage);
        verdict.Check(
            AllPoints.BudgetEnds,
            finish is { Outcome: RunOutcome.Failed, Reason: TerminationReasons.BudgetExhausted } && end.Is(RunnerExitCodes.BudgetExhausted),
            "a failed result with BudgetExhausted, exit 65", $"{Say(finish)}; {end}; {stage.Wire.Story}");
    }

    /// <summary>The gateway's clock is an hour behind the runner's. By that clock, the deadline may be another.</summary>
    private static byte[] OneHourEarlier(byte[] answer, Func<DateTimeOffset, DateTimeOffset?> deadlineAt)
    {
        var page = JournalPages.Of(answer);
        var root = JsonNode.Parse(answer)!.AsObject();
        foreach (var owner in new[] { root, root["terms"] as JsonObject })
        {
            foreach (var name in (string[])["time", "deadline"])
            {
                if (owner?[name] is { } time)
                {
                    owner[name] = time.GetValue<DateTimeOffset>().AddHours(-1);
                }
            }

            if (owner?["deadline"] is not null && deadlineAt(owner["time"]!.GetValue<DateTimeOffset>()) is { } deadline)
            {
                owner["deadline"] = deadline;
            }
        }

        // Records keep their bytes.
        return page is null || root["terms"] is not null
            ? Encoding.UTF8.GetBytes(root.ToJsonString())
            : JournalPages.Change(Encoding.UTF8.GetBytes(root.ToJsonString()), _ => page);
    }
}
