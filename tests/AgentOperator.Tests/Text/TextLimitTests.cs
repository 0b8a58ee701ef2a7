using System.Text;
using AgentOperator.ControlRuntime;

namespace AgentOperator.Tests.Text;

[TestFixture]
internal sealed class TextLimitTests
{
    [TestCase("12345678", "12345678")]
    [TestCase("123456789", "12345…")]
    [TestCase("1234é678", "1234…")]
    [TestCase("12🎉678", "12…")]
    [TestCase("1🎉6789", "1🎉…")]
    [TestCase("a\u0000b", "a\uFFFDb")]
    [TestCase("a\u001B\u009Bb", "a\uFFFD\uFFFDb")]
    [TestCase("\u202Ea\u2069", "\uFFFDa\uFFFD")]
    [TestCase(null, null)]
    public void Cut_Text_IsPlainAndEndsAtACharacter(string? text, string? cut) => Assert.That(TextLimit.Cut(text, 8), Is.EqualTo(cut));

    [Test]
    public void Of_EveryCharacter_OnlyControlsAreReplaced()
    {
        for (var unit = 0; unit <= char.MaxValue; unit++)
        {
            var text = ((char)unit).ToString();
            var isReplaced = unit != '\r' && (char.IsSurrogate((char)unit) || TerminalControls.In(text).Count > 0);

            Assert.That(PlainText.Of(text), Is.EqualTo(isReplaced ? "\uFFFD" : unit == '\r' ? "\n" : text), $"U+{unit:X4}");
        }
    }

    [Test]
    public void Cut_AnyText_IsPlainAndFits()
    {
        for (var seed = 1; seed <= 2000; seed++)
        {
            var text = AnyText.Of(seed);
            var limit = 3 + (seed % 512);

            var cut = TextLimit.Cut(text, limit);

            Assert.That(PlainText.Of(cut), Is.SameAs(cut), $"seed {seed}");
            Assert.That(TerminalControls.In(cut), Is.Empty, $"seed {seed}");
            Assert.That(Encoding.UTF8.GetByteCount(cut), Is.LessThanOrEqualTo(limit), $"seed {seed}");
            Assert.That(PlainText.Of(text), Does.StartWith(cut.TrimEnd('…')), $"seed {seed}");
        }
    }
}
