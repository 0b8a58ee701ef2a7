using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace AgentOperator.Protocol;

/// <summary>
/// Identities of actions, equal for the same action in every attempt of a run and in no other run's:
/// lower-case hex SHA-256 over the lineage, the kind and what defines the action.
/// </summary>
public static class StepKeys
{
    /// <summary>The key of a model call.</summary>
    /// <param name="lineage">The run's lineage (its UID, or that of the run it was forked from).</param>
    /// <param name="conversationDigest">A digest of all that the request is made from: instructions, tools, parameters, messages.</param>
    /// <param name="ordinal">Which model call of the run this is, from 1.</param>
    public static string ForModelCall(string lineage, string conversationDigest, int ordinal) =>
        Hash(lineage, "model", conversationDigest, ordinal.ToString(CultureInfo.InvariantCulture));

    /// <summary>The key of a tool call; also the idempotency key that a keyed tool gets.</summary>
    /// <param name="lineage">The run's lineage.</param>
    /// <param name="answerSequence">The sequence of the model answer that asked for it.</param>
    /// <param name="callId">The call's id in that answer; ids repeat across answers, so it is never used alone.</param>
    public static string ForToolCall(string lineage, long answerSequence, string callId) =>
        Hash(lineage, "tool", answerSequence.ToString(CultureInfo.InvariantCulture), callId);

    private static string Hash(params ReadOnlySpan<string> parts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> length = stackalloc byte[4];
        foreach (var part in parts)
        {
            // Each part is preceded by its length, so that no two lists of parts give the same bytes.
            var bytes = Encoding.UTF8.GetBytes(part);
            System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(length, bytes.Length);
            hash.AppendData(length);
            hash.AppendData(bytes);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
