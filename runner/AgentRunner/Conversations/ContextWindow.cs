using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace AgentRunner.Conversations;

/// <summary>
/// Which tool results are sent whole. When the conversation outgrows the limit, results of the oldest turns become stubs until
/// half of the limit is reached: cutting further than needed keeps the requests' beginning the same for many calls, which
/// providers' caches reward. A function of the turns alone, so that a resumed run sends what an uninterrupted one would.
/// </summary>
internal sealed class ContextWindow(int maxBytes)
{
    private readonly Queue<Turn> _whole = new();
    private long _bytes;

    /// <summary>A window that counts what every request starts with.</summary>
    public static ContextWindow For(Prompt prompt) => new(prompt.MaxContextBytes)
    {
        _bytes = Size(prompt.Instructions) + Size(prompt.Task)
            + prompt.Tools.Sum(tool => Size(tool.Name) + Size(tool.Description) + Size(tool.Schema)),
    };

    /// <summary>Counts a turn whose calls all have outcomes, and elides older turns when the limit is exceeded. The new turn stays whole.</summary>
    public void Add(Turn turn)
    {
        _bytes += Size(turn.Answer.Text) + Size(turn.Answer.Reasoning) + ExtraText.All(turn.Answer).Sum(Size) + Size(turn.Final?.Reminder);
        foreach (var call in turn.Calls)
        {
            _bytes += Size(call.Call.Id) + Size(call.Call.Name) + Size(call.Call.Arguments) + Size(call.Outcome!.Content);
        }

        if (_bytes > maxBytes)
        {
            while (_bytes > maxBytes / 2 && _whole.TryDequeue(out var old))
            {
                old.IsElided = true;
                _bytes -= old.Calls.Sum(call => (long)Size(call.Outcome!.Content) - Size(call.Stub));
            }
        }

        _whole.Enqueue(turn);
    }

    /// <summary>What is sent for an elided result; a result that is no longer than its stub is sent itself.</summary>
    public static string Stub(string content)
    {
        var encoded = Encoding.UTF8.GetBytes(content);
        var hash = Convert.ToHexStringLower(SHA256.HashData(encoded).AsSpan(0, 8));
        var stub = string.Create(CultureInfo.InvariantCulture, $"[tool result elided: {encoded.Length} bytes, sha256 {hash}]");
        return encoded.Length <= stub.Length ? content : stub;
    }

    private static int Size(string? text) => text is null ? 0 : Encoding.UTF8.GetByteCount(text);
}
