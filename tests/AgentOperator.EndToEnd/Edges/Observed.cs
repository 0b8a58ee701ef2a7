using System.Text.Json;

namespace AgentOperator.EndToEnd.Edges;

/// <summary>What became of an object so far.</summary>
/// <param name="Refusal">What the API server said instead of taking it, or the change of it; null if it was taken.</param>
/// <param name="Object">The object; null if it is not there.</param>
internal sealed record Observed(string? Refusal, JsonElement? Object)
{
    /// <summary>The object's phase; null if it has none.</summary>
    public string? Phase => Status is { } status && status.TryGetProperty("phase", out var phase) ? phase.GetString() : null;

    /// <summary>The object's conditions.</summary>
    public IReadOnlyList<Condition> Conditions => Status is { } status && status.TryGetProperty("conditions", out var conditions)
        ? conditions.Deserialize<List<Condition>>(ApiJson.Options) ?? []
        : [];

    private JsonElement? Status => Object is { } seen && seen.TryGetProperty("status", out var status) ? status : null;

    /// <summary>All that tells why something else was expected.</summary>
    public override string ToString() =>
        Refusal is not null ? $"refused: {Refusal}"
        : Object is null ? "not there"
        : Status is { } status ? $"status {status}"
        : "no status";
}
