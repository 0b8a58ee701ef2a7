using System.Security.Cryptography;
using System.Text.Json;
using AgentOperator.Api;

namespace AgentOperator.Runs;

/// <summary>
/// The part of a spec that holds for the run's whole life, as the journal keeps it: without what may change
/// (suspend, limits, ttlSecondsAfterFinished, outOfMemory.maxMemory) and with the task's text in place.
/// </summary>
internal static class FrozenSpec
{
    /// <summary>The immutable part, with the resolved task.</summary>
    public static JsonElement Freeze(AgentRunSpec spec, string task) => JsonSerializer.SerializeToElement(Strip(spec) with { Task = task }, ApiJson.Options);

    /// <summary>
    /// Hash of the immutable part as it was written. Equal hashes are equal specs; different ones may still be, after an upgrade that
    /// added a field with a default, so <see cref="AgentRunImmutability"/> has the last word.
    /// </summary>
    public static string Hash(AgentRunSpec spec) =>
        Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(Strip(spec), ApiJson.Options)));

    /// <summary>The frozen spec back from the journal; its task is the resolved one.</summary>
    public static AgentRunSpec Read(JsonElement frozen) =>
        frozen.Deserialize<AgentRunSpec>(ApiJson.Options) ?? throw new JsonException("a frozen spec is null");

    private static AgentRunSpec Strip(AgentRunSpec spec) => spec with
    {
        Suspend = false,
        Limits = new LimitsSpec(),
        TtlSecondsAfterFinished = null,
        Recovery = spec.Recovery with { OutOfMemory = spec.Recovery.OutOfMemory with { MaxMemory = null } },
    };
}
