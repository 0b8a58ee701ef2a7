namespace AgentOperator.Gateway.Identity;

/// <summary>Asks whose token this is.</summary>
internal interface ITokenReviewer
{
    /// <summary>The pod that the token is bound to, or null when the token is not good for this audience or not a pod's.</summary>
    Task<ReviewedPod?> ReviewAsync(string token, CancellationToken cancellationToken);
}
