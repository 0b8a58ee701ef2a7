namespace AgentOperator.Runs.Attempts;

/// <summary>A pod that this process created and whose epoch is not claimed yet.</summary>
/// <param name="Attempt">The attempt's number: the epoch to claim.</param>
/// <param name="Name">The pod's name.</param>
/// <param name="Uid">The pod's UID, from the API server's answer to the create request.</param>
internal sealed record CreatedPod(int Attempt, string Name, string Uid);
