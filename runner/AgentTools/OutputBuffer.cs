using System.Globalization;
using System.Text;

namespace AgentTools;

/// <summary>Keeps output of any length in bounded memory: its start, where headings are, and its end, where errors are.</summary>
public sealed class OutputBuffer
{
    private readonly byte[] _head;
    private readonly byte[] _tail;
    private int _headLength;
    private long _tailLength;

    /// <param name="maxBytes">How much is kept; at least 2.</param>
    public OutputBuffer(int maxBytes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxBytes, 2);
        _head = new byte[maxBytes - (maxBytes / 2)];
        _tail = new byte[maxBytes / 2];
    }

    /// <summary>How much was cut out of the middle.</summary>
    public long TruncatedBytes => Math.Max(0, _tailLength - _tail.Length);

    /// <summary>Adds output.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        var first = Math.Min(bytes.Length, _head.Length - _headLength);
        bytes[..first].CopyTo(_head.AsSpan(_headLength));
        _headLength += first;
        bytes = bytes[first..];
        if (bytes.Length > _tail.Length)
        {
            _tailLength += bytes.Length - _tail.Length;
            bytes = bytes[^_tail.Length..];
        }

        while (!bytes.IsEmpty)
        {
            var at = (int)(_tailLength % _tail.Length);
            var count = Math.Min(bytes.Length, _tail.Length - at);
            bytes[..count].CopyTo(_tail.AsSpan(at));
            _tailLength += count;
            bytes = bytes[count..];
        }
    }

    /// <summary>The kept output as text; what is not UTF-8 becomes U+FFFD.</summary>
    public override string ToString()
    {
        if (TruncatedBytes == 0)
        {
            // Joined before decoding: a character may lie across the two halves.
            return Encoding.UTF8.GetString([.. _head.AsSpan(0, _headLength), .. _tail.AsSpan(0, (int)_tailLength)]);
        }

        var at = (int)(_tailLength % _tail.Length);
        byte[] ordered = [.. _tail.AsSpan(at), .. _tail.AsSpan(0, at)];
        var start = Encoding.UTF8.GetString(_head.AsSpan(0, WholeCharacters(_head)));
        var end = Encoding.UTF8.GetString(ordered.AsSpan(FirstCharacter(ordered)));
        return string.Create(CultureInfo.InvariantCulture, $"{start}\n[... {TruncatedBytes} bytes cut ...]\n{end}");
    }

    /// <summary>Keeps the ends of a text.</summary>
    public static (string Text, long TruncatedBytes) Cut(string text, int maxBytes)
    {
        if (Encoding.UTF8.GetByteCount(text) <= maxBytes)
        {
            return (text, 0);
        }

        var buffer = new OutputBuffer(maxBytes);
        buffer.Append(Encoding.UTF8.GetBytes(text));
        return (buffer.ToString(), buffer.TruncatedBytes);
    }

    private static int WholeCharacters(byte[] bytes)
    {
        var end = bytes.Length;
        while (end > 0 && bytes.Length - end < 4 && (bytes[end - 1] & 0xC0) == 0x80)
        {
            end--;
        }

        // Keep a lead byte only if its whole character is there.
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
