using System.Text;

namespace AgentOperator.Journal.Tests;

[TestFixture]
internal sealed class RecordCompressionTests
{
    /// <summary>Some providers send long reasoning twice in one message, far apart.</summary>
    [Test]
    public void Compress_LongTextThatStandsTwice_TakesTheRoomOfOne()
    {
        var text = new byte[350_000];
        new Random(1).NextBytes(text);
        var twice = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(Convert.ToBase64String(text), 2)));

        var compressed = RecordCompression.Compress(twice);

        Assert.That(compressed, Has.Length.LessThan(Segment.MaxCompressedRecordBytes));
        Assert.That(RecordCompression.Decompress(compressed), Is.EqualTo(twice));
    }
}
