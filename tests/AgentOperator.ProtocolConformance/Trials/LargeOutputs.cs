using System.Text;
using AgentOperator.Api;

namespace AgentOperator.ProtocolConformance.Trials;

/// <summary>Tools that say more than there is room for.</summary>
internal sealed class LargeOutputs : Trial
{
    private const int MaxBytes = 1024;

    /// <summary>A runner may add a sentence, such as an exit code.</summary>
    private const int Remark = 256;

    private const int LargestBody = 1500;

    public override IReadOnlyList<Point> Points => [AllPoints.OutputBounded, AllPoints.LargeRecordShortened];

    protected override Task RunAsync(RunnerUnderTest runner, Verdict verdict) => Task.WhenAll(
        OutputAsync(runner, verdict), RecordAsync(runner, verdict));

    private static async Task OutputAsync(RunnerUnderTest runner, Verdict verdict)
    {
        await using var stage = await Stage.StartAsync(
            new StageOptions(Script.Of(Script.Shell("for i in $(seq 2000); do printf '漢字'; done"), Script.Say("done")))
            {
                Limits = new LimitsSpec { MaxToolOutputBytes = MaxBytes },
            });
        var end = await stage.PlayAsync(runner);
        var outcome = (await OutcomesAsync(stage)).Select(outcome => outcome.Payload).FirstOrDefault();
        verdict.Check(
            AllPoints.OutputBounded,
            end.Is(RunnerExitCodes.Done) && outcome is { TruncatedBytes: > 0 } && Encoding.UTF8.GetByteCount(outcome.Content) <= MaxBytes + Remark,
            $"at most {MaxBytes} bytes of 12000 (and a remark), and truncatedBytes",
            $"{Encoding.UTF8.GetByteCount(outcome?.Content ?? "")} bytes, truncatedBytes {outcome?.TruncatedBytes}; {end}");
    }

    private static async Task RecordAsync(RunnerUnderTest runner, Verdict verdict)
    {
        await using var stage = await Stage.StartAsync(
            new StageOptions(Script.Of(Script.Shell("head -c 8000 /dev/zero | tr '\\0' x"), Script.Say("done"))));
        stage.Wire.Add(new Fault(exchange => exchange.Appends(RecordKinds.ToolResult) && exchange.Body.Length > LargestBody, 20)
        {
            Answer = Fault.Problem(413, ErrorCodes.RecordTooLarge),
        });
        var end = await stage.PlayAsync(runner);
        var outcomes = await OutcomesAsync(stage);
        verdict.Check(
            AllPoints.LargeRecordShortened,
            end.Is(RunnerExitCodes.Done) && outcomes is [(RecordKinds.ToolResult, { TruncatedBytes: > 0, Content.Length: < LargestBody })],
            $"one ToolResult in a request of less than {LargestBody} bytes, truncatedBytes, exit 0",
            string.Join("; ", outcomes.Select(outcome => $"{outcome.Payload.Content.Length} characters, {outcome.Payload.TruncatedBytes} cut"))
                + $"; {end}");
    }
}
