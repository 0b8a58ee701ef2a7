using System.Text;

namespace AgentOperator.ControlRuntime.Tests.Text;

internal sealed class PlainTextTests
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    [TestCase("All done! 🎉")]
    [TestCase("two\nlines\tand a tab")]
    [TestCase("e\u0301 עברית \u200B\uFEFF\u2028\uFFFE\U0010FFFF")]
    [TestCase("")]
    [TestCase(null)]
    public void Of_PlainText_IsTheSameInstance(string? text) => Assert.That(PlainText.Of(text), Is.SameAs(text));

    [TestCase("a\u0000b", "a\uFFFDb")]
    [TestCase("\u001B[31mred", "\uFFFD[31mred")]
    [TestCase("a\u007F\u0085\u009Fb", "a\uFFFD\uFFFD\uFFFDb")]
    [TestCase("a\r\nb\rc\r", "a\nb\nc\n")]
    [TestCase("a\u202Eb\u202C\u2066c\u2069", "a\uFFFDb\uFFFD\uFFFDc\uFFFD")]
    public void Of_ControlCharacters_AreReplaced(string text, string plain) => Assert.That(PlainText.Of(text), Is.EqualTo(plain));

    /// <summary>Made here: an attribute cannot hold what is no Unicode.</summary>
    [Test]
    public void Of_UnpairedSurrogates_AreReplaced()
    {
        Assert.Multiple(() =>
        {
            Assert.That(PlainText.Of("a\uD83C"), Is.EqualTo("a\uFFFD"));
            Assert.That(PlainText.Of("\uDF89a"), Is.EqualTo("\uFFFDa"));
            Assert.That(PlainText.Of("\uDF89\uD83C"), Is.EqualTo("\uFFFD\uFFFD"));
            Assert.That(PlainText.Of("\uD83C🎉"), Is.EqualTo("\uFFFD🎉"));
        });
    }

    [Test]
    public void Of_AnyText_HasNoControlsAndIsUnicodeAndKeepsTheRest()
    {
        for (var seed = 1; seed <= 2000; seed++)
        {
            var text = AnyText.Of(seed);

            var plain = PlainText.Of(text);

            Assert.That(plain.Where(unit => (char.IsControl(unit) && unit is not ('\n' or '\t')) || TurnsDirection(unit)), Is.Empty, $"seed {seed}");
            Assert.That(Strict.GetByteCount(plain), Is.GreaterThan(0), $"seed {seed}");
            Assert.That(PlainText.Of(plain), Is.SameAs(plain), $"seed {seed}");
            Assert.That(Kept(plain), Is.EqualTo(Kept(text)), $"seed {seed}");
        }
    }

    /// <summary>What is in a text before and after: runes that neither control anything nor stand for what is no character.</summary>
    private static IEnumerable<Rune> Kept(string text) => text.EnumerateRunes()
        .Where(rune => !Rune.IsControl(rune) && rune != Rune.ReplacementChar && !(rune.IsBmp && TurnsDirection((char)rune.Value)));

    private static bool TurnsDirection(char unit) => unit is (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069');
}
