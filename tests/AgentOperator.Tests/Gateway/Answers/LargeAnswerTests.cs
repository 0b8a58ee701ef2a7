using System.Text.Json;
using AgentOperator.Gateway.Models;
using AgentOperator.Protocol;

namespace AgentOperator.Tests.Gateway.Answers;

/// <summary>Of a paid answer that no record can hold, as much as possible is kept.</summary>
internal sealed class LargeAnswerTests
{
    private static readonly string Large = new('x', 100_000);
    private static readonly string Larger = new('y', 200_000);

    private static readonly ModelAnswerPayload Answer = new()
    {
        Model = "m", FinishReason = "tool_calls", Text = "text", Reasoning = "why", Extra = JsonElement.Parse("""{"signature":"s"}"""),
        ToolCalls = [new ToolCall("call_1", "shell", "{}")], Usage = new TokenUsage(1, 2, 0),
    };

    [Test]
    public void Shorten_ImagesAreLargest_LeavesThemOut()
    {
        var answer = Answer with { Text = Large, Extra = JsonElement.Parse($$"""{"images":"{{Larger}}"}""") };

        Assert.That(LargeAnswer.Shorten(answer), Is.EqualTo(answer with { Extra = null }));
    }

    [Test]
    public void Shorten_ReasoningIsLargest_LeavesItOut()
    {
        var answer = Answer with { Text = Large, Reasoning = Larger };

        Assert.That(LargeAnswer.Shorten(answer), Is.EqualTo(answer with { Reasoning = null }));
    }

    /// <summary>A result that was cut must not look whole.</summary>
    [TestCase("a")]
    [TestCase("🎉")]
    public void Shorten_TextIsLargest_CutsItWithANoteAndSaysSo(string character)
    {
        var text = string.Concat(Enumerable.Repeat(character, 50_000));

        var shorter = LargeAnswer.Shorten(Answer with { Text = text, ToolCalls = [], FinishReason = "stop" });

        Assert.That(shorter.FinishReason, Is.EqualTo("length"));
        Assert.That(shorter.Text, Does.StartWith(text[..(text.Length / 2)] + "\n\n[The answer is cut here"));
        Assert.That(shorter.Usage, Is.EqualTo(Answer.Usage));
    }

    [Test]
    public void Shorten_TextOfAnAnswerWithCalls_LeavesTheCallsWholeAndToBeRun()
    {
        var shorter = LargeAnswer.Shorten(Answer with { Text = Larger });

        Assert.That((shorter.FinishReason, shorter.ToolCalls), Is.EqualTo(("tool_calls", Answer.ToolCalls)));
    }

    [Test]
    public void Shorten_OnlyTheCallsAreLarge_LeavesTheUsage()
    {
        var shorter = LargeAnswer.Shorten(Answer with { ToolCalls = [new ToolCall("call_1", "shell", Larger)] });

        Assert.That(shorter.FinishReason, Is.EqualTo(ModelAnswerPayload.TooLarge));
        Assert.That((shorter.Text, shorter.ToolCalls.Count, shorter.Usage), Is.EqualTo(((string?)null, 0, Answer.Usage)));
    }

    [Test]
    public void Shorten_AgainAndAgain_EndsWithTheUsage()
    {
        var answer = Answer with { Text = string.Concat(Enumerable.Repeat(Larger, 100)), Reasoning = Large };
        for (var tried = 0; answer.FinishReason != ModelAnswerPayload.TooLarge; tried++)
        {
            Assert.That(tried, Is.LessThan(20));
            answer = LargeAnswer.Shorten(answer);
        }
    }
}
