namespace AgentOperator.Chaos.RealCluster.Evidence;

/// <summary>A pod in the end, as the API server knows it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Uid">Its UID.</param>
/// <param name="RunUid">The run that it says it works for.</param>
/// <param name="IsAlive">Whether it has neither succeeded nor failed.</param>
internal sealed record LivePod(string Name, string Uid, string? RunUid, bool IsAlive);
