using System.Text;
using AgentOperator.Protocol;
using AgentRunner.Tests.Fakes;

namespace AgentRunner.Tests.Loop;

/// <summary>Two hundred steps with 20 KiB each.</summary>
internal sealed class LongRunTests
{
    private const int Steps = 200;
    private const int MaxContextBytes = 256 * 1024;

    [Test, CancelAfter(300_000)]
    public async Task Run_OfTwoHundredLargeSteps_StaysInItsContextAndResumesAtTheEnd()
    {
        var run = RunnerHarness.RunWithShell(ToolEffect.Pure) with
        {
            Limits = new RunLimits(Steps + 1, null, 60, 32 * 1024, MaxContextBytes),
        };
        await using var harness = await RunnerHarness.StartAsync(
            run,
            [
                .. Enumerable.Range(1, Steps).Select(step => ModelStep.Shell($"printf 'chunk %03d ' {step}; head -c 20470 /dev/zero | tr '\\0' x")),
                ModelStep.Say("all read"),
            ]);

        // The run with its journal and the list of its tools, then two requests a step: killed on the way to the last model call.
        var first = await harness.RunAttemptAsync(new CrashingTransport(new SocketsHttpHandler(), crashAt: 2 + (2 * Steps) + 1));
        Assert.That(harness.Journal.Answers.Count(), Is.EqualTo(Steps), first.Message);
        var second = await harness.RunAttemptAsync();

        Assert.That(second.Code, Is.EqualTo(RunnerExitCodes.Done), second.Message);
        var bodies = harness.Gateway.Sampled.Select(request => request.Body).ToList();
        var rewritten = bodies.Zip(bodies.Skip(1)).Count(pair => !pair.Second.StartsWith(Beginning(pair.First), StringComparison.Ordinal));
        Assert.Multiple(() =>
        {
            Assert.That(bodies, Has.Count.EqualTo(Steps + 1));
            Assert.That(bodies.Max(Encoding.UTF8.GetByteCount), Is.LessThan(MaxContextBytes * 3 / 2), "with JSON's own overhead");
            Assert.That(bodies[^1], Does.Contain("chunk 200").And.Contain("[tool result elided: 20"));
            Assert.That(rewritten, Is.LessThan(Steps / 4), "how often a provider's cache of the beginning is lost");
            Assert.That(harness.Journal.Outcomes(RecordKinds.ToolResult).All(outcome => outcome.Content.Length > 20 * 1024), "the journal keeps all");
        });
    }

    /// <summary>The part of a request that a longer conversation begins with: its messages without the closing bracket.</summary>
    private static string Beginning(string body) => body[..body.LastIndexOf("],\"max_completion_tokens\"", StringComparison.Ordinal)];
}
