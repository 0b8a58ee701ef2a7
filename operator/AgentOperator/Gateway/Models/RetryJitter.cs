namespace AgentOperator.Gateway.Models;

/// <summary>Spreads the retries of many callers.</summary>
/// <param name="Next">A number in [0, 1) each time.</param>
internal sealed record RetryJitter(Func<double> Next)
{
    public static RetryJitter AtRandom { get; } = new(Random.Shared.NextDouble);
}
