using System.Security.Cryptography;
using System.Text;
using AgentOperator.Caching;
using AgentOperator.Protocol;
using k8s;
using k8s.Models;

namespace AgentOperator.Gateway.Identity;

/// <summary>
/// The API server's TokenReview, remembered for a minute under the token's hash. The token itself is not kept. A deleted pod's token may so
/// be accepted a minute longer; the journal's epoch is what fences it.
/// </summary>
internal sealed class TokenReviewer(IKubernetes kubernetes, TimeProvider time) : ITokenReviewer
{
    private const string PodNameClaim = "authentication.kubernetes.io/pod-name";
    private const string PodUidClaim = "authentication.kubernetes.io/pod-uid";
    private const string ServiceAccountPrefix = "system:serviceaccount:";
    private static readonly TimeSpan Remembered = TimeSpan.FromMinutes(1);

    private readonly ExpiringCache<string, ReviewedPod> _reviewed = new(20_000, time);

    public async Task<ReviewedPod?> ReviewAsync(string token, CancellationToken cancellationToken)
    {
        var key = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
        if (_reviewed.TryGet(key, out var known))
        {
            return known;
        }

        var review = await kubernetes.AuthenticationV1.CreateTokenReviewAsync(
            new V1TokenReview { Spec = new V1TokenReviewSpec { Token = token, Audiences = [RunnerEnvironment.TokenAudience] } },
            cancellationToken: cancellationToken);
        var pod = ToPod(review.Status);
        if (pod is not null)
        {
            _reviewed.Set(key, pod, Remembered);
        }

        return pod;
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

        var space = user.Username[ServiceAccountPrefix.Length..].Split(':')[0];
        return new ReviewedPod(space, names[0], uids[0]);
    }
}
