using System.Text.Json;

namespace AgentOperator.Protocol;

/// <summary>A record before it is appended. The journal adds sequence, epoch, time and hash.</summary>
/// <param name="Kind">One of <see cref="RecordKinds"/>.</param>
/// <param name="Payload">The kind's payload.</param>
/// <param name="StepKey">The action's identity.</param>
/// <param name="CallId">The id of the tool call that it belongs to.</param>
public sealed record NewRecord(string Kind, JsonElement Payload, string? StepKey = null, string? CallId = null);
