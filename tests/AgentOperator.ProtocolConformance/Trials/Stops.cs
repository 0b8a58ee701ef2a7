using System.Diagnostics;

namespace AgentOperator.ProtocolConformance.Trials;

/// <summary>The runner is alive during a long tool, and stops when it is asked to.</summary>
internal sealed class Stops : Trial
{
    private const string Forever = "echo started >> ledger; while true; do sleep 0.05; done";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>The grace period, and what a busy machine adds.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(Stage.GraceSeconds + 2);

    /// <summary>The interval is two seconds; a busy machine adds to it.</summary>
    private static readonly TimeSpan LongestGap = TimeSpan.FromSeconds(4.5);

    public override IReadOnlyList<Point> Points => [AllPoints.HeartbeatInTime, AllPoints.StopObeyed, AllPoints.SigtermParks];

    protected override Task RunAsync(RunnerUnderTest runner, Verdict verdict) => Task.WhenAll(
        HeartbeatsAsync(runner, verdict),
        StopAsync(AllPoints.StopObeyed, runner, verdict, (stage, _) => stage.ChangeAsync(spec => spec with { Suspend = true }, isSeen: true)),
        StopAsync(AllPoints.SigtermParks, runner, verdict, (_, process) => process.TerminateAsync()));

    private static async Task HeartbeatsAsync(RunnerUnderTest runner, Verdict verdict)
    {
        await using var stage = await Stage.StartAsync(
            new StageOptions(Script.Of(Script.Shell("sleep 6"), Script.Say("done"))) { HeartbeatTimeoutSeconds = 12 });
        await stage.PlayAsync(runner);
        var times = stage.Wire.Exchanges.Where(exchange => exchange.IsHeartbeat).Select(exchange => exchange.At).ToList();
        var gaps = times.Zip(times.Skip(1), (from, to) => Stopwatch.GetElapsedTime(from, to)).ToList();
        verdict.Check(
            AllPoints.HeartbeatInTime, times.Count >= 3 && gaps.All(gap => gap < LongestGap), "a heartbeat every 2 s during a tool of 6 s",
            $"{times.Count} heartbeats, with pauses of {string.Join(", ", gaps.Select(gap => $"{gap.TotalMilliseconds:0}"))} ms");
    }

    private static async Task StopAsync(
        Point point, RunnerUnderTest runner, Verdict verdict, Func<Stage, RunnerProcess, Task> ask)
    {
        await using var stage = await Stage.StartAsync(new StageOptions(Script.Of(Script.Shell(Forever), Script.Say("done"))));
        using var process = await stage.StartAsync(runner);
        await Eventually.TrueAsync("the tool starts", () => Task.FromResult(stage.Folder.Lines("ledger").Count > 0), Patience);
        await ask(stage, process);
        var asked = Stopwatch.GetTimestamp();
        var end = await process.WaitAsync(Grace);
        var took = Stopwatch.GetElapsedTime(asked);
        verdict.Check(
            point, end.Is(RunnerExitCodes.Parked, TerminationReasons.Stopped) && took < Grace && await EndOfAsync(stage) is null,
            $"exit 75, Stopped, within {Stage.GraceSeconds} s, and the run is not ended",
            $"{end}, after {took.TotalSeconds:0.0} s; the run's end: {Say(await EndOfAsync(stage))}");
    }
}
