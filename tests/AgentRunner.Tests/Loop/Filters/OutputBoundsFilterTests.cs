using System.Text;
using AgentRunner.Loop.Filters;
using AgentRunner.Tests.Fakes;
using AgentTools;

namespace AgentRunner.Tests.Loop.Filters;

internal sealed class OutputBoundsFilterTests
{
    [Test]
    public async Task Content_OfAnyEnd_IsCutToTheLimit([Values] ToolEnd end, [Values("a", "é", "🎉")] string character)
    {
        var text = string.Concat(Enumerable.Repeat(character, 100));

        var outcome = await new FilteredCall().RunAsync(new ToolOutcome(end, text), new OutputBoundsFilter());

        Assert.That(outcome.End, Is.EqualTo(end));
        Assert.That(outcome.TruncatedBytes, Is.EqualTo(Encoding.UTF8.GetByteCount(text) - FilteredCall.MaxOutputBytes));
        Assert.That(outcome.Content, Does.Contain($"[... {outcome.TruncatedBytes} bytes cut ...]").And.StartsWith(character).And.EndsWith(character));
    }

    [Test]
    public async Task Content_WithinTheLimit_IsLeftAlone()
    {
        var outcome = new ToolOutcome(ToolEnd.Succeeded, new string('a', FilteredCall.MaxOutputBytes));

        Assert.That(await new FilteredCall().RunAsync(outcome, new OutputBoundsFilter()), Is.EqualTo(outcome));
    }

    [Test]
    public async Task Content_ThatTheToolCutItself_IsNotCutAgain()
    {
        var outcome = new ToolOutcome(ToolEnd.Succeeded, new string('a', FilteredCall.MaxOutputBytes) + "\n[... 7 bytes cut ...]\n[exit code: 0]", 7);

        Assert.That(await new FilteredCall().RunAsync(outcome, new OutputBoundsFilter()), Is.EqualTo(outcome));
    }
}
