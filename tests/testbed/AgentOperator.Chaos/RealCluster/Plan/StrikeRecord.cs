namespace AgentOperator.Chaos.RealCluster.Plan;

/// <summary>A strike that hit.</summary>
/// <param name="Strike">The strike.</param>
/// <param name="Victim">What it hit: a pod or a component.</param>
/// <param name="From">When it began.</param>
/// <param name="Until">When it was over.</param>
internal sealed record StrikeRecord(Strike Strike, string Victim, DateTimeOffset From, DateTimeOffset Until)
{
    /// <summary>Whether an operator replica died of it.</summary>
    public bool HitsOperator => Strike.Kind is StrikeKind.KillOperator or StrikeKind.DeleteLeader;
}
