using System.Collections.Concurrent;
using AgentOperator.Gateway.Identity;

namespace AgentOperator.ProtocolConformance.Stages;

/// <summary>The tokens of pods. A pod may have several: the kubelet replaces them.</summary>
internal sealed class PodTokens : ITokenReviewer
{
    private readonly ConcurrentDictionary<string, ReviewedPod> _pods = new();

    /// <summary>All that were issued.</summary>
    public IReadOnlyCollection<string> Issued => [.. _pods.Keys];

    /// <summary>Another token for a pod.</summary>
    public string Issue(ReviewedPod pod)
    {
        var token = PodToken.Of(Guid.NewGuid().ToString("N"));
        _pods[token] = pod;
        return token;
    }

    public Task<ReviewedPod?> ReviewAsync(string token, CancellationToken cancellationToken) => Task.FromResult(_pods.GetValueOrDefault(token));
}
