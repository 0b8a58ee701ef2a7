using System.Text;
using AgentRunner.Conversations;

namespace AgentRunner.Tests.Conversations;

internal sealed class ResultCutTests
{
    [Test]
    public void To_ALongResult_KeepsItsEndsAndSaysWhatIsMissing()
    {
        var cut = ResultCut.To("begin " + new string('x', 10_000) + " end", 1000);

        Assert.That(cut, Does.StartWith("begin xxx").And.EndsWith("xxx end"));
        Assert.That(cut, Does.Match(@"\n\[9\d\d\d of the 10010 bytes of this result are left out: .* Ask the tool for less at a time\.\]\n"));
    }

    [Test]
    public void To_NoRoomAtAll_IsTheSentence() =>
        Assert.That(ResultCut.To(new string('x', 10_000), 0), Does.StartWith("[10000 of the 10000 bytes of this result are left out"));

    [Test]
    public void To_AnyTextAndSize_FitsAndHasWholeCharacters([Range(1, 200)] int seed)
    {
        var random = new Random(seed);
        var text = string.Concat(Enumerable.Range(0, random.Next(400)).Select(_ => random.Next(4) switch
        {
            0 => "a",
            1 => "\u00e9",
            2 => "\u4e2d",
            _ => "\U0001f389",
        }));
        var max = random.Next(Utf8.Size(text) + 10);

        var cut = ResultCut.To(text, max);

        Assert.That(Utf8.Size(cut), Is.LessThanOrEqualTo(Math.Max(max, Utf8.Size(ResultCut.To(text, 0)))));
        Assert.That(Utf8.Size(cut), Is.LessThanOrEqualTo(Utf8.Size(text)));
        Assert.That(cut.EnumerateRunes().All(rune => rune != Rune.ReplacementChar), "no character is halved");
    }

    [TestCase(new[] { 10, 100, 1000 }, 300, 190)]
    [TestCase(new[] { 1000, 1000 }, 300, 150)]
    [TestCase(new[] { 10, 20 }, 30, int.MaxValue)]
    [TestCase(new[] { 10, 20 }, 0, 0)]
    public void EvenShare_CutsTheLargestFirst(int[] sizes, int max, int share) => Assert.That(ResultCut.EvenShare(sizes, max), Is.EqualTo(share));
}
