using AgentRunner.Loop.Filters;
using AgentRunner.Tests.Fakes;
using AgentTools;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace AgentRunner.Tests.Loop.Filters;

internal sealed class TimingFilterTests
{
    [Test]
    public async Task Outcome_OfAnyCall_SaysHowLongTheCallTook([Values] ToolEnd end)
    {
        var time = new FakeTimeProvider();

        var outcome = await new FilteredCall().RunAsync(
            _ =>
            {
                time.Advance(TimeSpan.FromSeconds(7));
                return Task.FromResult(new ToolOutcome(end, "text"));
            },
            CancellationToken.None,
            new TimingFilter(time, NullLogger<TimingFilter>.Instance));

        Assert.That(outcome, Is.EqualTo(new ToolOutcome(end, "text") { Duration = TimeSpan.FromSeconds(7) }));
    }
}
