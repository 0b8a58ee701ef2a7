using System.Globalization;
using System.Text;

namespace AgentTools;

/// <summary>Output of any length in bounded memory: its first and its last half are kept, since errors stand at the end and headings at the start.</summary>
public sealed class OutputBuffer
{
    private readonly byte[] head;
    private readonly byte[] tail;
    private int headLength;
    private long tailLength;

    /// <param name="maxBytes">How much is kept; at least 2.</param>
    public OutputBuffer(int maxBytes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxBytes, 2);
        head = new byte[maxBytes - (maxBytes / 2)];
        tail = new byte[maxBytes / 2];
    }

    /// <summary>How much was cut out of the middle.</summary>
    public long TruncatedBytes => Math.Max(0, tailLength - tail.Length);

    /// <summary>Adds output.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        var first = Math.Min(bytes.Length, head.Length - headLength);
        bytes[..first].CopyTo(head.AsSpan(headLength));
        headLength += first;
        bytes = bytes[first..];
        if (bytes.Length > tail.Length)
        {
            tailLength += bytes.Length - tail.Length;
            bytes = bytes[^tail.Length..];
        }

        while (!bytes.IsEmpty)
        {
            var at = (int)(tailLength % tail.Length);
            var count = Math.Min(bytes.Length, tail.Length - at);
            bytes[..count].CopyTo(tail.AsSpan(at));
            tailLength += count;
            bytes = bytes[count..];
        }
    }

    /// <summary>The kept output as text; what is not UTF-8 becomes U+FFFD.</summary>
    public override string ToString()
    {
        if (TruncatedBytes == 0)
        {
            // Joined before decoding: a character may lie across the two halves.
            return Encoding.UTF8.GetString([.. head.AsSpan(0, headLength), .. tail.AsSpan(0, (int)tailLength)]);
        }

        var at = (int)(tailLength % tail.Length);
        byte[] ordered = [.. tail.AsSpan(at), .. tail.AsSpan(0, at)];
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{Encoding.UTF8.GetString(head.AsSpan(0, WholeCharacters(head)))}\n[... {TruncatedBytes} bytes cut ...]\n{Encoding.UTF8.GetString(ordered.AsSpan(FirstCharacter(ordered)))}");
    }

    /// <summary>Keeps the ends of a text.</summary>
    public static (string Text, long TruncatedBytes) Cut(string text, int maxBytes)
    {
        var buffer = new OutputBuffer(maxBytes);
        buffer.Append(Encoding.UTF8.GetBytes(text));
        return (buffer.TruncatedBytes == 0 ? text : buffer.ToString(), buffer.TruncatedBytes);
    }

    private static int WholeCharacters(byte[] bytes)
    {
        var end = bytes.Length;
        while (end > 0 && bytes.Length - end < 4 && (bytes[end - 1] & 0xC0) == 0x80)
        {
            end--;
        }

        // At a lead byte: it is kept only when all that it announces is there.
        return end > 0 && bytes[end - 1] >= 0xC0 && bytes.Length - end + 1 < Announced(bytes[end - 1]) ? end - 1 : bytes.Length;
    }

    private static int FirstCharacter(byte[] bytes)
    {
        var start = 0;
        while (start < bytes.Length && start < 3 && (bytes[start] & 0xC0) == 0x80)
        {
            start++;
        }

        return start;
    }

    private static int Announced(byte lead) => lead switch
    {
        >= 0xF0 => 4,
        >= 0xE0 => 3,
        _ => 2,
    };
}
