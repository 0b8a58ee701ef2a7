using AgentOperator.Validation;

namespace AgentOperator.Gateway.Models;

/// <summary>What all replicas know of a ModelEndpoint's outage.</summary>
/// <param name="Read">The outage as it is known; null if the endpoint is available.</param>
/// <param name="ReportAsync">Tells the other replicas of an outage; false if that failed. Does not throw.</param>
internal sealed record SharedOutage(Func<EndpointOutage?> Read, Func<EndpointOutage, Task<bool>> ReportAsync)
{
    /// <summary>Nothing is shared.</summary>
    public static SharedOutage None { get; } = new(static () => null, static _ => Task.FromResult(false));
}
