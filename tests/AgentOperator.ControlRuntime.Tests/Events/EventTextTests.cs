using System.Text;

namespace AgentOperator.ControlRuntime.Tests.Events;

internal sealed class EventTextTests
{
    [TestCase("short", "short")]
    [TestCase("12345678", "12345678")]
    [TestCase("123456789", "12345678")]
    [TestCase("1234567é", "1234567")]
    [TestCase("12345😀", "12345")]
    [TestCase("1234😀", "1234😀")]
    [TestCase(null, "")]
    public void Cut_LongerThanTheLimit_EndsAtACharacter(string? text, string cut)
    {
        Assert.Multiple(() =>
        {
            Assert.That(EventText.Cut(text, 8), Is.EqualTo(cut));
            Assert.That(Encoding.UTF8.GetByteCount(EventText.Cut(text, 8)), Is.LessThanOrEqualTo(8));
        });
    }

    [Test]
    public void Cut_LoneSurrogate_DoesNotThrow() => Assert.That(EventText.Cut(new string('\ud800', 10), 8), Has.Length.LessThanOrEqualTo(8));

    [Test]
    public void Cut_AnyText_IsPlainAndFits()
    {
        for (var seed = 1; seed <= 2000; seed++)
        {
            var cut = EventText.Cut(AnyText.Of(seed), EventText.MaxNoteBytes);

            Assert.That(PlainText.Of(cut), Is.SameAs(cut), $"seed {seed}");
            Assert.That(Encoding.UTF8.GetByteCount(cut), Is.LessThanOrEqualTo(EventText.MaxNoteBytes), $"seed {seed}");
        }
    }
}
