using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using AgentOperator.Protocol;

namespace AgentRunner.Conversations;

/// <summary>Applies committed records to a conversation and refuses a record that cannot follow.</summary>
internal sealed class Replay(Conversation conversation)
{
    private JsonElement _spec;

    /// <summary>The newest epoch that was claimed.</summary>
    public int Epoch { get; private set; }

    /// <summary>Applies one record.</summary>
    /// <exception cref="JournalDefectException">The record cannot follow, or this build does not know it.</exception>
    /// <exception cref="DivergenceException">The record was made from other input than this attempt has.</exception>
    public void Apply(JournalRecord record)
    {
        if (record.SchemaVersion is < 1 || record.SchemaVersion > JournalRecord.CurrentSchemaVersion)
        {
            throw new JournalDefectException(
                record.Sequence,
                $"its schema version is {record.SchemaVersion} and this runner knows 1 to {JournalRecord.CurrentSchemaVersion}; upgrade the runner")
            {
                IsNewer = record.IsNewer,
            };
        }

        if (RecordKinds.IsKnown(record.Kind) && RecordChecks.FindProblem(record.Kind, record.Payload) is { } problem)
        {
            throw Defect(record, $"it is not a valid {record.Kind}: {problem}");
        }

        switch (record.Kind)
        {
            case RecordKinds.RunStarted:
                Start(record);
                break;
            case RecordKinds.EpochClaimed:
                conversation.Skip(record.Sequence);
                Epoch = record.Epoch;
                break;
            case RecordKinds.ModelCallsUnused:
                conversation.Skip(record.Sequence);
                break;
            case RecordKinds.ToolsListed:
                conversation.OfferTools(record.Sequence, ReadTools(record));
                break;
            case RecordKinds.ModelAnswer:
                CheckKey(record, conversation.NextModelCallKey, "a model call");
                conversation.AddAnswer(record.Sequence, Read(record, ProtocolJson.Default.ModelAnswerPayload));
                break;
            case RecordKinds.ToolIntent:
                CheckKey(record, conversation.OpenCall(record.Sequence, record.CallId).StepKey, "a tool call");
                conversation.AddIntent(record.Sequence, record.CallId, Read(record, ProtocolJson.Default.ToolIntentPayload));
                break;
            case RecordKinds.ToolResult or RecordKinds.ToolFailed or RecordKinds.ToolUnknown:
                CheckKey(record, conversation.OpenCall(record.Sequence, record.CallId).StepKey, "a tool call");
                var outcome = Read(record, ProtocolJson.Default.ToolOutcomePayload);
                conversation.AddOutcome(record.Sequence, record.CallId, new CallOutcome(record.Kind, outcome.Content));
                break;
            case RecordKinds.ToolsLeftOut:
                conversation.LeaveOut(record.Sequence, Read(record, ProtocolJson.Default.ToolsLeftOutPayload).Tools);
                break;
            case RecordKinds.ContextShortened:
                conversation.Shorten(record.Sequence, Read(record, ProtocolJson.Default.ContextShortenedPayload));
                break;
            case RecordKinds.RunFinished:
                conversation.Finish(record.Sequence, Read(record, ProtocolJson.Default.RunFinishedPayload));
                break;
            default:
                throw Defect(record, $"this runner does not understand records of kind {record.Kind}");
        }
    }

    /// <summary>The tools of a <see cref="RecordKinds.ToolsListed"/> record.</summary>
    /// <exception cref="JournalDefectException">It cannot be read.</exception>
    public static IReadOnlyList<OfferedTool> ReadTools(JournalRecord record)
    {
        if (RecordChecks.FindProblem(record.Kind, record.Payload) is { } problem)
        {
            throw Defect(record, $"it is not a valid {record.Kind}: {problem}");
        }

        var tools = Read(record, ProtocolJson.Default.ToolsListedPayload).Tools;
        if (tools.FirstOrDefault(tool => !IsJson(tool.InputSchema)) is { } odd)
        {
            throw Defect(record, $"the input schema of the tool '{odd.Name}' is not JSON");
        }

        return tools;
    }

    private static bool IsJson(string text)
    {
        try
        {
            using var _ = JsonDocument.Parse(text);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static JournalDefectException Defect(JournalRecord record, string problem) => new(record.Sequence, problem);

    private static T Read<T>(JournalRecord record, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return record.Payload.Deserialize(type) ?? throw Defect(record, $"it holds no payload of kind {record.Kind}");
        }
        catch (JsonException exception)
        {
            throw Defect(record, $"it holds no payload of kind {record.Kind} ({exception.Path})");
        }
    }

    private void Start(JournalRecord record)
    {
        var started = Read(record, ProtocolJson.Default.RunStartedPayload);
        if (started.Lineage != conversation.Prompt.Lineage)
        {
            throw Defect(record, $"it belongs to the lineage {started.Lineage}, and this run's is {conversation.Prompt.Lineage}");
        }

        _spec = started.Spec;
        conversation.Start(record.Sequence, MaxContextBytes(_spec));
    }

    private static int? MaxContextBytes(JsonElement spec) =>
        spec.ValueKind == JsonValueKind.Object && spec.TryGetProperty("limits", out var limits) && limits.ValueKind == JsonValueKind.Object
            && limits.TryGetProperty("maxContextBytes", out var bytes) && bytes.ValueKind == JsonValueKind.Number && bytes.TryGetInt32(out var number)
                ? number
                : null;

    private void CheckKey(JournalRecord record, string expected, string action)
    {
        if (record.StepKey != expected)
        {
            throw new DivergenceException(record.Sequence, action, SpecDifference.Describe(_spec, conversation));
        }
    }
}
