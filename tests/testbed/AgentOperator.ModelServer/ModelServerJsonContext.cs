using System.Text.Json.Serialization;
using AgentOperator.ModelServer.Calls;
using AgentOperator.ModelServer.Effects;

namespace AgentOperator.ModelServer;

/// <summary>JSON of the log and the ledger.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(IReadOnlyList<CallRecord>))]
[JsonSerializable(typeof(CallSummary))]
[JsonSerializable(typeof(EffectList))]
[JsonSerializable(typeof(Dictionary<string, string?>))]
internal sealed partial class ModelServerJsonContext : JsonSerializerContext;
