using AgentOperator.Api;
using AgentOperator.Protocol;
using k8s;
using k8s.Models;

namespace AgentOperator.Gateway.Identity;

/// <summary>The API server's TokenReview.</summary>
internal sealed class TokenReviewer(IKubernetes kubernetes) : ITokenReviewer
{
    private const string PodNameClaim = "authentication.kubernetes.io/pod-name";
    private const string PodUidClaim = "authentication.kubernetes.io/pod-uid";
    private const string ServiceAccountPrefix = "system:serviceaccount:";

    public async Task<ReviewedPod?> ReviewAsync(string token, CancellationToken cancellationToken)
    {
        var review = await kubernetes.AuthenticationV1.CreateTokenReviewAsync(
            new V1TokenReview { Spec = new V1TokenReviewSpec { Token = token, Audiences = [RunnerEnvironment.TokenAudience] } },
            cancellationToken: cancellationToken);
        return ToPod(review.Status);
    }

    private static ReviewedPod? ToPod(V1TokenReviewStatus status)
    {
        var user = status.User;
        if (status.Authenticated != true || status.Audiences?.Contains(RunnerEnvironment.TokenAudience) != true
            || user?.Username?.StartsWith(ServiceAccountPrefix, StringComparison.Ordinal) != true
            || user.Extra is null
            || !user.Extra.TryGetValue(PodNameClaim, out var names) || names.Count != 1
            || !user.Extra.TryGetValue(PodUidClaim, out var uids) || uids.Count != 1)
        {
            return null;
        }

        return user.Username[ServiceAccountPrefix.Length..].Split(':') is [var space, var account] && AgentAccount.IsAgents(account)
            ? new ReviewedPod(space, names[0], uids[0])
            : null;
    }
}
