using System.Security.Cryptography;

namespace AgentOperator.Protocol;

/// <summary>The hash chain of the journal.</summary>
public static class JournalHash
{
    /// <summary>The previous hash of a journal's first record: 64 zeros.</summary>
    public const string Genesis = "0000000000000000000000000000000000000000000000000000000000000000";

    /// <summary>Lower-case hex SHA-256 of a record's stored bytes.</summary>
    public static string Of(ReadOnlySpan<byte> storedRecord) => Convert.ToHexStringLower(SHA256.HashData(storedRecord));
}
