using System.Text.Json;

namespace AgentOperator.Protocol;

/// <summary>Payload of <see cref="RecordKinds.RunStarted"/>.</summary>
/// <param name="Lineage">The UID that step keys are derived from.</param>
/// <param name="SpecHash">SHA-256 of the immutable part of the spec.</param>
/// <param name="Spec">The immutable part of the spec, as accepted.</param>
public sealed record RunStartedPayload(string Lineage, string SpecHash, JsonElement Spec);
