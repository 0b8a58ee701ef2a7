using System.Text.Json;

namespace AgentOperator.Protocol;

/// <summary>A record as a writer gives it; the journal adds sequence, epoch, time and hash.</summary>
/// <param name="Kind">One of <see cref="RecordKinds"/>.</param>
/// <param name="Payload">The kind's payload.</param>
/// <param name="StepKey">The action's identity.</param>
/// <param name="CallId">The tool call it answers.</param>
public sealed record NewRecord(string Kind, JsonElement Payload, string? StepKey = null, string? CallId = null);
