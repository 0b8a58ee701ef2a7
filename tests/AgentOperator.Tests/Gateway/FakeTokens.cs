using System.Collections.Concurrent;
using AgentOperator.Gateway.Identity;

namespace AgentOperator.Tests.Gateway;

/// <summary>Tokens and the pods that they are bound to.</summary>
internal sealed class FakeTokens : ITokenReviewer
{
    private readonly ConcurrentDictionary<string, ReviewedPod> _pods = new();

    public string Issue(ReviewedPod pod)
    {
        var token = PodToken.Of(pod.Uid);
        _pods[token] = pod;
        return token;
    }

    public Task<ReviewedPod?> ReviewAsync(string token, CancellationToken cancellationToken) => Task.FromResult(_pods.GetValueOrDefault(token));
}
