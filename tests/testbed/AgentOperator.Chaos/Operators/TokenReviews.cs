using System.Net;
using AgentOperator.Protocol;
using AgentOperator.Testing;
using k8s;
using k8s.Models;

namespace AgentOperator.Chaos.Operators;

/// <summary>The API server's TokenReview: a token is good while its pod is there. Whatever else is asked here fails: it is no review.</summary>
internal sealed class TokenReviews(ApiConnection api) : DelegatingHandler
{
    public static string TokenOf(string podUid) => PodToken.Of(podUid);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var review = KubernetesJson.Deserialize<V1TokenReview>(await request.Content!.ReadAsStringAsync(cancellationToken));
        var token = review.Spec.Token;
        var pod = await api.ReadAsync(
            $"review {token}", () => api.Server.Pods.All.FirstOrDefault(pod => TokenOf(pod.Metadata.Uid) == token), cancellationToken);
        review.Status = pod is null ? new V1TokenReviewStatus { Authenticated = false } : new V1TokenReviewStatus
        {
            Authenticated = true,
            Audiences = [RunnerEnvironment.TokenAudience],
            User = new V1UserInfo
            {
                Username = $"system:serviceaccount:{pod.Metadata.NamespaceProperty}:{pod.Spec.ServiceAccountName}",
                Extra = new Dictionary<string, IList<string>>
                {
                    ["authentication.kubernetes.io/pod-name"] = [pod.Metadata.Name],
                    ["authentication.kubernetes.io/pod-uid"] = [pod.Metadata.Uid],
                },
            },
        };
        return new HttpResponseMessage(HttpStatusCode.Created)
        {
            RequestMessage = request, Content = new StringContent(KubernetesJson.Serialize(review)),
        };
    }
}
