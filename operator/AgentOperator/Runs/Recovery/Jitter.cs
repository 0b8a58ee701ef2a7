using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace AgentOperator.Runs.Recovery;

/// <summary>Deterministic jitter: differs between runs and attempts, but repeated decisions about an attempt get the same value.</summary>
internal static class Jitter
{
    /// <summary>From 0 to less than 1.</summary>
    public static double Of(string runUid, int attempt)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{runUid}/{attempt}")));
        return BinaryPrimitives.ReadUInt32LittleEndian(hash) / ((double)uint.MaxValue + 1);
    }
}
