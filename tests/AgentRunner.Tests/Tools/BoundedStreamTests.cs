using System.Text;
using AgentRunner.Tools.Mcp;

namespace AgentRunner.Tests.Tools;

/// <summary>Bounds on what is read from a server, whatever the size of the pieces that it arrives in.</summary>
internal sealed class BoundedStreamTests
{
    private const int Bound = 40;

    private static readonly string[] LineEnds = ["\n", "\r", "\r\n"];

    [Test]
    public async Task Read_EventsUpToTheBound_AreReadWhole([Range(1, 100)] int seed)
    {
        var random = new Random(seed);
        var stream = string.Concat(Enumerable.Range(0, 20).Select(_ => Event(random, random.Next(1, Bound - 10))));

        Assert.That(await ReadAsync(stream, random, isEventStream: true), Is.EqualTo(stream));
    }

    [Test]
    public async Task Read_AnEventOverTheBound_IsRefused([Range(1, 100)] int seed)
    {
        var random = new Random(seed);
        var stream = Event(random, 10) + Event(random, Bound + 1) + Event(random, 10);

        await Assert.ThrowsAsync<McpAnswerTooLargeException>(() => ReadAsync(stream, random, isEventStream: true));
    }

    [TestCase(Bound, true)]
    [TestCase(Bound + 1, false)]
    public async Task Read_ABody_UpToTheBound(int length, bool isRead)
    {
        var body = new string('\n', length);
        if (isRead)
        {
            Assert.That(await ReadAsync(body, new Random(1), isEventStream: false), Is.EqualTo(body));
        }
        else
        {
            await Assert.ThrowsAsync<McpAnswerTooLargeException>(() => ReadAsync(body, new Random(1), isEventStream: false));
        }
    }

    /// <summary>An event whose lines, of any length, have that many characters together.</summary>
    private static string Event(Random random, int length)
    {
        var end = LineEnds[random.Next(LineEnds.Length)];
        var text = new StringBuilder();
        while (length > 0)
        {
            var line = Math.Min(length, random.Next(1, 20));
            text.Append('x', line).Append(end);
            length -= line + end.Length;
        }

        return text.Append(end).ToString();
    }

    private static async Task<string> ReadAsync(string text, Random random, bool isEventStream)
    {
        await using var bounded = new BoundedStream(new MemoryStream(Encoding.UTF8.GetBytes(text)), Bound, isEventStream);
        var read = new StringBuilder();
        var buffer = new byte[16];
        while (await bounded.ReadAsync(buffer.AsMemory(0, random.Next(1, buffer.Length))) is > 0 and var count)
        {
            read.Append(Encoding.UTF8.GetString(buffer, 0, count));
        }

        return read.ToString();
    }
}
