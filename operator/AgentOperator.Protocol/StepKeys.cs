using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace AgentOperator.Protocol;

/// <summary>
/// Identities of actions. The same action has the same key in every attempt of a run, and no other run shares it.
/// A key is the lower-case hex SHA-256 of the lineage, the kind and the action's inputs.
/// </summary>
public static class StepKeys
{
    /// <summary>The key of a model call.</summary>
    /// <param name="lineage">The run's lineage (its UID, or that of the run it was forked from).</param>
    /// <param name="conversationDigest">A digest of the request's inputs: instructions, tools, parameters, messages.</param>
    /// <param name="ordinal">The ordinal of the model call within the run, from 1.</param>
    public static string ForModelCall(string lineage, string conversationDigest, int ordinal) =>
        Hash(lineage, "model", conversationDigest, ordinal.ToString(CultureInfo.InvariantCulture));

    /// <summary>The key of a tool call. Also the idempotency key of a keyed tool.</summary>
    /// <param name="lineage">The run's lineage.</param>
    /// <param name="answerSequence">The sequence of the model answer that requested the call.</param>
    /// <param name="callId">The call's id within that answer. Not unique across answers.</param>
    public static string ForToolCall(string lineage, long answerSequence, string callId) =>
        Hash(lineage, "tool", answerSequence.ToString(CultureInfo.InvariantCulture), callId);

    private static string Hash(params ReadOnlySpan<string> parts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> length = stackalloc byte[4];
        foreach (var part in parts)
        {
            // Length prefixes keep different lists of parts from producing the same bytes.
            var bytes = Encoding.UTF8.GetBytes(part);
            System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(length, bytes.Length);
            hash.AppendData(length);
            hash.AppendData(bytes);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
