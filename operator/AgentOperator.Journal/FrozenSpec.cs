using System.Security.Cryptography;
using System.Text.Json;
using AgentOperator.Api;

namespace AgentOperator.Journal;

/// <summary>The spec as a run's journal keeps it: what the run was accepted with, with the text of its task.</summary>
public static class FrozenSpec
{
    /// <summary>The spec to put into the journal.</summary>
    public static JsonElement Freeze(AgentRunSpec spec, string task) =>
        JsonSerializer.SerializeToElement(spec with { Task = task, Suspend = false, TtlSecondsAfterFinished = null }, ApiJson.TypeInfo<AgentRunSpec>());

    /// <summary>The spec in a journal; its task is always the text, wherever it came from.</summary>
    /// <exception cref="JsonException">It is no spec.</exception>
    public static AgentRunSpec Read(JsonElement frozen) => frozen.Deserialize(ApiJson.TypeInfo<AgentRunSpec>()) ?? throw new JsonException("the frozen spec is null");

    /// <summary>SHA-256 of the part of a spec that cannot change.</summary>
    public static string Hash(AgentRunSpec spec) =>
        Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(Immutable(spec), ApiJson.TypeInfo<AgentRunSpec>())));

    /// <summary>
    /// The paths of immutable fields in which a spec differs from a frozen one. Empty also when only the hash differs, because a later release knows more
    /// fields: those have their defaults on both sides.
    /// </summary>
    public static IReadOnlyList<string> ChangedFields(AgentRunSpec frozen, AgentRunSpec spec) =>
        [.. AgentRunImmutability.Compare(Comparable(frozen, spec), spec).Select(violation => violation.Field)];

    /// <summary>A spec as far as it holds: what may change as it is now, and what may not as it was accepted.</summary>
    public static AgentRunSpec Effective(AgentRunSpec frozen, AgentRunSpec spec) => AgentRunImmutability.TakeBack(Comparable(frozen, spec), spec);

    /// <summary>The text of a task from elsewhere is not part of the live spec, and lowered limits count as they are.</summary>
    private static AgentRunSpec Comparable(AgentRunSpec frozen, AgentRunSpec spec) =>
        frozen with { Limits = spec.Limits, Task = frozen.TaskFrom is null ? frozen.Task : null };

    /// <summary>A spec with all that may change at its default.</summary>
    private static AgentRunSpec Immutable(AgentRunSpec spec) => spec with
    {
        Suspend = false,
        TtlSecondsAfterFinished = null,
        Limits = new LimitsSpec(),
        Recovery = spec.Recovery with { OutOfMemory = spec.Recovery.OutOfMemory with { MaxMemory = null } },
    };
}
