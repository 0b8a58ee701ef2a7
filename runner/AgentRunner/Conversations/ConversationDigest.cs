using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using AgentOperator.Protocol;

namespace AgentRunner.Conversations;

/// <summary>
/// A rolling digest of all that requests are made from: prompt, advertised tools, answers, outcomes. What is trimmed from a
/// request does not change it, but that a provider refused it does. Changing what goes in changes the keys of every run in flight.
/// </summary>
internal sealed class ConversationDigest
{
    private string _value;

    public ConversationDigest(Prompt prompt)
    {
        var parts = new List<string>
        {
            "prompt/1",
            prompt.Instructions ?? "",
            prompt.Task,
            prompt.Model.Name,
            prompt.Model.MaxOutputTokens?.ToString(CultureInfo.InvariantCulture) ?? "",
        };
        foreach (var tool in prompt.Tools)
        {
            parts.AddRange([tool.Name, tool.Description, tool.Schema]);
        }

        _value = Hash(parts);
    }

    /// <summary>Lower-case hex SHA-256.</summary>
    public string Value => _value;

    /// <summary>Adds an answer.</summary>
    public void Add(ModelAnswerPayload answer, IReadOnlyList<ToolCall> calls)
    {
        var parts = new List<string> { _value, "answer", answer.Text ?? "", answer.Reasoning ?? "" };
        foreach (var call in calls)
        {
            parts.AddRange([call.Id, call.Name, call.Arguments]);
        }

        // Only what is there goes in: journals from before keep their keys.
        parts.AddRange(ExtraText.All(answer));

        _value = Hash(parts);
    }

    /// <summary>Adds what the model is told of a call.</summary>
    public void Add(string callId, CallOutcome outcome) => _value = Hash([_value, "outcome", callId, outcome.Content]);

    /// <summary>Adds that the model is no longer told of some tools.</summary>
    public void Add(IReadOnlyList<LeftOutTool> tools) => _value = Hash([_value, "tools left out", .. tools.Select(tool => tool.Tool)]);

    /// <summary>Adds that the provider refused the conversation as too long, and its bound from then on.</summary>
    public void Add(int maxBytes) => _value = Hash([_value, "context too long", maxBytes.ToString(CultureInfo.InvariantCulture)]);

    private static string Hash(List<string> parts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> length = stackalloc byte[4];
        foreach (var part in parts)
        {
            // Each part is preceded by its length, so that no two lists of parts give the same bytes.
            var bytes = Encoding.UTF8.GetBytes(part);
            BinaryPrimitives.WriteInt32BigEndian(length, bytes.Length);
            hash.AppendData(length);
            hash.AppendData(bytes);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
