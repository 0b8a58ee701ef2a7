using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace AgentRunner.Conversations;

/// <summary>
/// What of a conversation is sent. When it outgrows the bound, results of the oldest turns become stubs until half of the bound is reached: cutting
/// further than needed keeps the requests' beginning the same for many calls, which providers' caches reward. From the first time that the provider
/// refuses a conversation as too long, the bound is strict: the newest results are cut and the oldest turns left out, too. A function of the records
/// alone, so that a resumed run sends what an uninterrupted one would. ADR 25.
/// </summary>
internal sealed class ContextWindow
{
    private readonly long _promptBytes;
    private readonly List<Turn> _turns = [];
    private bool _isStrict;
    private int _stubs;

    /// <param name="prompt">What every request starts with.</param>
    /// <param name="maxBytes">The bound.</param>
    public ContextWindow(Prompt prompt, int maxBytes)
    {
        MaxBytes = maxBytes;
        Bytes = _promptBytes = Utf8.Size(prompt.Instructions) + Utf8.Size(prompt.Task)
            + prompt.Tools.Sum(tool => Utf8.Size(tool.Name) + Utf8.Size(tool.Description) + Utf8.Size(tool.Schema));
    }

    /// <summary>The bound in force.</summary>
    public int MaxBytes { get; private set; }

    /// <summary>How much is sent now, without the JSON around it.</summary>
    public long Bytes { get; private set; }

    /// <summary>How much is sent at least: the prompt, and the newest turn with its results cut out.</summary>
    public long ShortestBytes => _turns.Count == 0
        ? _promptBytes
        : _promptBytes + (_turns.Count > 1 ? LeftOutTurns.NoteBytes : 0) + SizeWithoutResults(_turns[^1])
            + _turns[^1].Calls.Sum(ResultCut.ShortestSize);

    /// <summary>How many of the oldest turns are left out; never the newest one.</summary>
    public int LeftOut { get; private set; }

    /// <summary>The same bound around another prompt, before the first turn.</summary>
    public ContextWindow Around(Prompt prompt) => new(prompt, MaxBytes) { _isStrict = _isStrict };

    /// <summary>Adds a turn whose calls all have outcomes.</summary>
    public void Add(Turn turn)
    {
        _turns.Add(turn);
        Bytes += Size(turn);
        Fit();
    }

    /// <summary>Changes the bound. What is shortened stays so when it is raised.</summary>
    /// <param name="maxBytes">The new bound.</param>
    /// <param name="isStrict">Whether the provider refused the conversation. From then on, the bound stays strict.</param>
    public void SetBound(int maxBytes, bool isStrict)
    {
        MaxBytes = maxBytes;
        _isStrict |= isStrict;
        Fit();
    }

    /// <summary>What is sent for an elided result; a result that is no longer than its stub is sent itself.</summary>
    public static string Stub(string content)
    {
        var encoded = Encoding.UTF8.GetBytes(content);
        var hash = Convert.ToHexStringLower(SHA256.HashData(encoded).AsSpan(0, 8));
        var stub = string.Create(CultureInfo.InvariantCulture, $"[tool result elided: {encoded.Length} bytes, sha256 {hash}]");
        return encoded.Length <= stub.Length ? content : stub;
    }

    private static long Size(Turn turn) => turn.IsLeftOut ? 0 : SizeWithoutResults(turn) + ResultSize(turn);

    private static long ResultSize(Turn turn) => turn.Calls.Sum(call => (long)Utf8.Size(call.SentContent));

    private static long SizeWithoutResults(Turn turn) =>
        Utf8.Size(turn.Answer.Text) + Utf8.Size(turn.Answer.Reasoning) + ExtraText.All(turn.Answer).Sum(Utf8.Size) + Utf8.Size(turn.Final?.Reminder)
        + turn.Calls.Sum(call => (long)Utf8.Size(call.Call.Id) + Utf8.Size(call.Call.Name) + Utf8.Size(call.Call.Arguments));

    private void Fit()
    {
        if (Bytes <= MaxBytes)
        {
            return;
        }

        while (Bytes > MaxBytes / 2 && _stubs < _turns.Count - 1)
        {
            Change(_turns[_stubs++], turn => turn.Elide());
        }

        if (!_isStrict || Bytes <= MaxBytes || _turns.Count == 0)
        {
            return;
        }

        // The newest results matter more than old turns without theirs, but not more than half of what there is.
        CutNewest(MaxBytes / 2);
        if (Bytes > MaxBytes)
        {
            while (Bytes > MaxBytes - (MaxBytes / 4) && LeftOut < _turns.Count - 1)
            {
                Bytes += LeftOut == 0 ? LeftOutTurns.NoteBytes : 0;
                Change(_turns[LeftOut++], turn => turn.IsLeftOut = true);
            }

            CutNewest(0);
        }
    }

    /// <summary>Cuts the newest results by what is too much, the largest first, but not below a size together.</summary>
    private void CutNewest(long leastBytes)
    {
        var before = ResultSize(_turns[^1]);
        var allowed = Math.Max(before - Math.Max(0, Bytes - MaxBytes), leastBytes);
        if (allowed < before)
        {
            var each = ResultCut.EvenShare(_turns[^1].Calls.Select(call => Utf8.Size(call.SentContent)), allowed);
            Change(_turns[^1], turn => turn.CutResults(each));
        }
    }

    private void Change(Turn turn, Action<Turn> change)
    {
        var before = Size(turn);
        change(turn);
        Bytes += Size(turn) - before;
    }
}
