namespace AgentOperator.Protocol;

/// <summary>Payload of <see cref="RecordKinds.EpochClaimed"/>.</summary>
/// <param name="Pod">The pod's name.</param>
/// <param name="PodUid">The pod's UID: the fencing token.</param>
public sealed record EpochClaimedPayload(string Pod, string PodUid);
