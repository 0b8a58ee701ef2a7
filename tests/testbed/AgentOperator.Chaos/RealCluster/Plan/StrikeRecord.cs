namespace AgentOperator.Chaos.RealCluster.Plan;

/// <summary>A strike that hit.</summary>
/// <param name="Strike">The strike.</param>
/// <param name="Victim">What it hit: a pod or a component.</param>
/// <param name="From">When it began.</param>
/// <param name="Until">When it was over.</param>
/// <param name="Address">The address of the operator replica that it hit; null when it hit something else.</param>
internal sealed record StrikeRecord(Strike Strike, string Victim, DateTimeOffset From, DateTimeOffset Until, string? Address = null)
{
    /// <summary>Whether an operator replica died of it.</summary>
    public bool HitsOperator => Strike.Kind is StrikeKind.KillOperator or StrikeKind.DeleteLeader;
}
