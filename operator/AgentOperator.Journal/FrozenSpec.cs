using System.Security.Cryptography;
using System.Text.Json;
using AgentOperator.Api;
using AgentOperator.Protocol;

namespace AgentOperator.Journal;

/// <summary>The spec in a run's journal: the accepted spec with the text of the task inlined.</summary>
public static class FrozenSpec
{
    /// <summary>The spec to write to the journal.</summary>
    public static JsonElement Freeze(AgentRunSpec spec, string task) =>
        JsonSerializer.SerializeToElement(
            spec with { Task = task, Suspend = false, TtlSecondsAfterFinished = null, PodTemplate = null }, ApiJson.TypeInfo<AgentRunSpec>());

    /// <summary>Reads the spec from a journal. The task is always inline text.</summary>
    /// <exception cref="JournalException">The JSON is not a spec.</exception>
    public static AgentRunSpec Read(JsonElement frozen)
    {
        try
        {
            return frozen.Deserialize(ApiJson.TypeInfo<AgentRunSpec>()) ?? throw new JsonException();
        }
        catch (JsonException exception)
        {
            throw new JournalException(
                ErrorCodes.JournalBroken, $"record 1 is not a valid RunStarted: payload.spec is not a spec at {exception.Path ?? "its start"}",
                inner: exception);
        }
    }

    /// <summary>SHA-256 of the immutable part of a spec.</summary>
    public static string Hash(AgentRunSpec spec) =>
        Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(Immutable(spec), ApiJson.TypeInfo<AgentRunSpec>())));

    /// <summary>
    /// Paths of the fields that differ from the frozen spec and may not: immutable ones, and limits below the frozen ones. A field that a newer
    /// release adds is none: both sides have its default.
    /// </summary>
    public static IReadOnlyList<string> ChangedFields(AgentRunSpec frozen, AgentRunSpec spec) =>
        [.. AgentRunImmutability.Compare(Comparable(frozen), spec).Select(violation => violation.Field)];

    /// <summary>The spec in effect: the live one with every forbidden change taken back.</summary>
    public static AgentRunSpec Effective(AgentRunSpec frozen, AgentRunSpec spec) => AgentRunImmutability.TakeBack(Comparable(frozen), spec);

    /// <summary>The live spec has no text of a task from a ConfigMap.</summary>
    private static AgentRunSpec Comparable(AgentRunSpec frozen) => frozen with { Task = frozen.TaskFrom is null ? frozen.Task : null };

    /// <summary>The spec with every mutable field at its default.</summary>
    private static AgentRunSpec Immutable(AgentRunSpec spec) => spec with
    {
        Suspend = false,
        TtlSecondsAfterFinished = null,
        PodTemplate = null,
        Model = spec.Model with { Parameters = null },
        Limits = new LimitsSpec(),
        Recovery = spec.Recovery with
        {
            StartTimeoutSeconds = new RecoverySpec().StartTimeoutSeconds,
            OutOfMemory = spec.Recovery.OutOfMemory with { MaxMemory = null },
        },
    };
}
