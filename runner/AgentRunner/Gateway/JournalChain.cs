using System.Runtime.InteropServices;
using System.Text.Json;
using AgentOperator.Protocol;
using AgentRunner.Conversations;

namespace AgentRunner.Gateway;

/// <summary>
/// Checks that the records of the journal's pages are chained: each holds the hash of its predecessor's bytes. What this runner appends comes back
/// in no page, so the first record after it cannot be checked.
/// </summary>
internal sealed class JournalChain
{
    private Link? _last;

    /// <summary>Checks the next page.</summary>
    /// <param name="body">The answer that holds it.</param>
    /// <param name="field">The answer's field that holds it; null when it is the answer.</param>
    /// <exception cref="JournalDefectException">A record is not the successor of the one before it.</exception>
    public void Check(ReadOnlyMemory<byte> body, string? field = null)
    {
        using var document = JsonDocument.Parse(body);
        var page = document.RootElement;
        if ((field is not null && !page.TryGetProperty(field, out page)) || page.ValueKind != JsonValueKind.Object
            || !page.TryGetProperty("records", out var records) || records.ValueKind != JsonValueKind.Array)
        {
            return;
        }

        foreach (var element in records.EnumerateArray())
        {
            var record = element.Deserialize(ProtocolJson.Default.JournalRecord) ?? throw new JsonException("a record is null");
            if (record.Sequence == 1 ? record.PrevHash != JournalHash.Genesis : _last is { } last && last.IsBroken(record))
            {
                throw new JournalDefectException(record.Sequence, "its prevHash is not the hash of the record before it");
            }

            _last = new Link(record.Sequence, JournalHash.Of(JsonMarshal.GetRawUtf8Value(element)), JournalHash.Of(record.Encode()));
        }
    }

    /// <summary>A record's hashes.</summary>
    /// <param name="Sequence">Its sequence.</param>
    /// <param name="Hash">The hash of its bytes in the page.</param>
    /// <param name="StoredHash">The hash of its bytes as they are stored: gateways of version 0.1 escape more than that in pages.</param>
    private sealed record Link(long Sequence, string Hash, string StoredHash)
    {
        public bool IsBroken(JournalRecord next) => next.Sequence == Sequence + 1 && next.PrevHash != Hash && next.PrevHash != StoredHash;
    }
}
