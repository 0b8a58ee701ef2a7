using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AgentOperator.ProtocolConformance.Stages;

/// <summary>A page of the journal, taken apart without touching the bytes of its records.</summary>
/// <param name="Records">The records.</param>
/// <param name="Head">The head.</param>
internal sealed record JournalPages(IReadOnlyList<string> Records, long Head)
{
    private const string Journal = "journal";

    /// <summary>The page in an answer; null if there is none.</summary>
    public static JournalPages? Of(ReadOnlyMemory<byte> answer)
    {
        using var document = JsonDocument.Parse(answer);
        var root = document.RootElement;
        return root.TryGetProperty("records", out _) ? Read(root) : root.TryGetProperty(Journal, out var page) ? Read(page) : null;
    }

    /// <summary>The answer with another page in place of its own.</summary>
    public static byte[] Change(byte[] answer, Func<JournalPages, JournalPages> change)
    {
        if (Of(answer) is not { } page)
        {
            return answer;
        }

        var changed = change(page);
        var text = $"{{\"records\":[{string.Join(',', changed.Records)}],\"headSequence\":{changed.Head}}}";
        var root = JsonNode.Parse(answer)!.AsObject();
        if (root.Remove(Journal))
        {
            root["headSequence"] = changed.Head;
            text = $"{root.ToJsonString()[..^1]},\"{Journal}\":{text}}}";
        }

        return Encoding.UTF8.GetBytes(text);
    }

    private static JournalPages Read(JsonElement page) => new(
        [.. page.GetProperty("records").EnumerateArray().Select(record => record.GetRawText())], page.GetProperty("headSequence").GetInt64());
}
