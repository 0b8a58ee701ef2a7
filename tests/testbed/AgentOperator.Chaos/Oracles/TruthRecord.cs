using System.Text.Json;

namespace AgentOperator.Chaos.Oracles;

/// <summary>A record as it lies in the store, decoded by the oracle.</summary>
internal sealed record TruthRecord(
    long Sequence, int Epoch, string Kind, string? StepKey, string? CallId, JsonElement Payload, byte[] Stored, string Hash)
{
    /// <summary>The pod that owned the run when the record was stored.</summary>
    public string? OwnerPodUid { get; init; }

    /// <summary>Whether some writer was told that the record is committed.</summary>
    public bool Acknowledged { get; set; }
}
