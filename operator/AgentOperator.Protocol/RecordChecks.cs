using System.Collections.Frozen;
using System.Text.Json;
using static AgentOperator.Protocol.PayloadField;

namespace AgentOperator.Protocol;

/// <summary>
/// What a record of each kind must hold: one table. A record is checked before it is appended. Readers check it again, so that they stop at a
/// malformed one that an older version let in.
/// </summary>
public static class RecordChecks
{
    private const int MaxStepKeyLength = 128;

    private static readonly PayloadField[] Outcome =
    [
        Text("tool"), Text("content"), OptionalCount("truncatedBytes"), OptionalCount("durationMilliseconds"),
    ];

    private static readonly FrozenDictionary<string, PayloadField[]> Payloads = new Dictionary<string, PayloadField[]>(StringComparer.Ordinal)
    {
        [RecordKinds.RunStarted] = [Text("lineage"), Text("specHash"), PayloadField.Object("spec")],
        [RecordKinds.EpochClaimed] = [Text("pod"), Text("podUid")],
        [RecordKinds.ModelAnswer] =
        [
            Text("model"), OptionalText("text"), OptionalText("reasoning"), Text("finishReason"), OptionalObject("extra"),
            OptionalText("endpoint"), OptionalText("requestHash"),
            List("toolCalls", Text("id"), Text("name"), Text("arguments"), OptionalObject("extra")),
            PayloadField.Object("usage", OptionalCount("promptTokens"), OptionalCount("completionTokens"), OptionalCount("cachedTokens")),
        ],
        [RecordKinds.ModelCallsUnused] =
        [
            OptionalCount("calls"),
            PayloadField.Object("usage", OptionalCount("promptTokens"), OptionalCount("completionTokens"), OptionalCount("cachedTokens")),
        ],
        [RecordKinds.ToolsListed] =
        [
            List("tools", NonEmptyText("name"), Text("description"), Text("inputSchema"), OneOf<ToolEffect>("effect"), OptionalText("server"),
                OptionalText("serverTool")),
        ],
        [RecordKinds.ToolIntent] = [Text("tool"), OneOf<ToolEffect>("effect")],
        [RecordKinds.ToolResult] = Outcome,
        [RecordKinds.ToolFailed] = Outcome,
        [RecordKinds.ToolUnknown] = Outcome,
        [RecordKinds.ToolsLeftOut] = [NonEmptyList("tools", NonEmptyText("tool"), Text("reason"))],
        [RecordKinds.ContextShortened] = [PositiveNumber("maxBytes"), PositiveNumber("limit"), OptionalText("refusal")],
        [RecordKinds.RunFinished] = [OneOf<RunOutcome>("outcome"), Text("reason"), OptionalText("message"), OptionalText("result")],
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>What is wrong with a payload, with the field's path; null when nothing is.</summary>
    /// <param name="kind">The record's kind.</param>
    /// <param name="payload">The record's payload.</param>
    public static string? FindProblem(string kind, JsonElement payload) => !RecordKinds.IsKnown(kind)
        ? "kind must be one that this version knows"
        : PayloadField.FindProblem(payload, Payloads.GetValueOrDefault(kind, [])) is { } problem ? $"payload{problem}" : null;

    /// <summary>What is wrong with a record that a runner wants to append, with the field's path; null when nothing is.</summary>
    /// <param name="record">The record.</param>
    public static string? FindProblem(NewRecord record)
    {
        var isOfCall = record.Kind == RecordKinds.ToolIntent || RecordKinds.IsToolOutcome(record.Kind);
        return isOfCall && string.IsNullOrEmpty(record.CallId) ? "callId is missing"
            : isOfCall && string.IsNullOrEmpty(record.StepKey) ? "stepKey is missing"
            : record.StepKey?.Length > MaxStepKeyLength ? $"stepKey must have at most {MaxStepKeyLength} characters"
            : !isOfCall && record.CallId is not null ? $"callId must not be set on a record of kind {record.Kind}"
            : FindProblem(record.Kind, record.Payload);
    }
}
