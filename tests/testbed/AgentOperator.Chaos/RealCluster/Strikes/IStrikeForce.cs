using AgentOperator.Chaos.RealCluster.Plan;

namespace AgentOperator.Chaos.RealCluster.Strikes;

/// <summary>Carries out strikes of some kinds.</summary>
internal interface IStrikeForce
{
    /// <summary>Strikes, and undoes what lasts before it returns.</summary>
    /// <param name="strike">The strike.</param>
    /// <param name="ct">Ends what lasts at once; it is undone all the same.</param>
    /// <returns>What was hit; null when nothing was there to be hit.</returns>
    Task<string?> StrikeAsync(Strike strike, CancellationToken ct);
}
