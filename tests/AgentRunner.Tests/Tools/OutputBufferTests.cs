using System.Text;
using AgentTools;

namespace AgentRunner.Tests.Tools;

internal sealed class OutputBufferTests
{
    [Test]
    public void Output_InAnyPieces_KeepsTheSameEnds([Values(1, 3, 7, 10, 64, 1000)] int piece, [Values(9, 10, 11, 500)] int length)
    {
        var text = string.Concat(Enumerable.Range(0, length).Select(n => (char)('a' + (n % 26))));
        var buffer = new OutputBuffer(10);
        foreach (var part in text.Chunk(piece))
        {
            buffer.Append(Encoding.UTF8.GetBytes(part));
        }

        Assert.That(buffer.TruncatedBytes, Is.EqualTo(Math.Max(0, length - 10)));
        Assert.That(buffer.ToString(), Is.EqualTo(length <= 10 ? text : $"{text[..5]}\n[... {length - 10} bytes cut ...]\n{text[^5..]}"));
    }

    [Test]
    public void Output_CutInsideACharacter_HoldsWholeCharactersOnly([Range(8, 24)] int maxBytes)
    {
        var (text, cut) = OutputBuffer.Cut(string.Concat(Enumerable.Repeat("a\u00e9\u20ac\U0001F600", 20)), maxBytes);

        Assert.That(cut, Is.EqualTo(200 - maxBytes));
        Assert.That(text, Does.Not.Contain("\uFFFD"));
    }

    [Test]
    public void Output_NotUtf8_BecomesReplacementCharacters()
    {
        var buffer = new OutputBuffer(10);
        buffer.Append([0x61, 0xFF, 0x62]);

        Assert.That(buffer.ToString(), Is.EqualTo("a\uFFFDb"));
    }
}
