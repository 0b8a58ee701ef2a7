using System.Text.Json;
using System.Text.Json.Serialization;

namespace AgentOperator.Protocol;

/// <summary>The source-generated JSON of the protocol: camelCase names, nulls omitted, enums as strings.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    NumberHandling = JsonNumberHandling.Strict,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(JournalRecord))]
[JsonSerializable(typeof(RunStartedPayload))]
[JsonSerializable(typeof(EpochClaimedPayload))]
[JsonSerializable(typeof(ToolsListedPayload))]
[JsonSerializable(typeof(ModelAnswerPayload))]
[JsonSerializable(typeof(ToolIntentPayload))]
[JsonSerializable(typeof(ToolOutcomePayload))]
[JsonSerializable(typeof(ToolsLeftOutPayload))]
[JsonSerializable(typeof(ModelCallsUnusedPayload))]
[JsonSerializable(typeof(ContextShortenedPayload))]
[JsonSerializable(typeof(RunFinishedPayload))]
[JsonSerializable(typeof(RunDescription))]
[JsonSerializable(typeof(JournalPage))]
[JsonSerializable(typeof(AppendRequest))]
[JsonSerializable(typeof(AppendResponse))]
[JsonSerializable(typeof(HeartbeatRequest))]
[JsonSerializable(typeof(HeartbeatResponse))]
[JsonSerializable(typeof(ResultRequest))]
[JsonSerializable(typeof(CompletionReply))]
[JsonSerializable(typeof(ProtocolError))]
[JsonSerializable(typeof(TerminationReport))]
public sealed partial class ProtocolJson : JsonSerializerContext;
