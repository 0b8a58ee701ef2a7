using System.Text.Json.Serialization;

namespace AgentOperator.Chaos.RealCluster.Evidence;

/// <summary>An effect in the scripted model's ledger.</summary>
internal sealed record ToolEffectEntry
{
    /// <summary>Number of the effect.</summary>
    [JsonPropertyName("n")]
    public long Number { get; init; }

    /// <summary>The scenario.</summary>
    public string Name { get; init; } = "";

    /// <summary>The call that left it.</summary>
    public string? Key { get; init; }

    /// <summary>The start of the command, the attempt and the idempotency key, separated by colons.</summary>
    public string? Note { get; init; }

    /// <summary>Which start of the command left it.</summary>
    [JsonIgnore]
    public string Start => Part(0);

    /// <summary>The attempt that started it.</summary>
    [JsonIgnore]
    public string Attempt => Part(1);

    /// <summary>The key that the command was given; empty when it was given none.</summary>
    [JsonIgnore]
    public string IdempotencyKey => Part(2);

    private string Part(int index) => Note?.Split(':') is { } parts && parts.Length > index ? parts[index] : "";
}
