using AgentOperator.Gateway.Identity;

namespace AgentOperator.Chaos.Operators;

/// <summary>
/// TokenReview: a token is good while its pod is there. Like the real reviewer it remembers a good one for a minute, so a deleted pod's runner is
/// let in a while longer.
/// </summary>
internal sealed class SimulatedTokenReviewer(ApiConnection api) : ITokenReviewer
{
    private static readonly TimeSpan Remembered = TimeSpan.FromMinutes(1);
    private readonly Dictionary<string, (ReviewedPod Pod, DateTimeOffset Until)> _reviewed = [];

    public async Task<ReviewedPod?> ReviewAsync(string token, CancellationToken cancellationToken)
    {
        var time = api.Process.Time;
        if (_reviewed.TryGetValue(token, out var known) && known.Until > time.GetUtcNow())
        {
            return known.Pod;
        }

        var pod = await api.ReadAsync(
            $"review {token}", () => api.Server.Pods.All.FirstOrDefault(pod => TokenOf(pod.Metadata.Uid) == token), cancellationToken);
        if (pod is null)
        {
            return null;
        }

        var found = new ReviewedPod(pod.Metadata.NamespaceProperty, pod.Metadata.Name, pod.Metadata.Uid);
        _reviewed[token] = (found, time.GetUtcNow() + Remembered);
        return found;
    }

    public static string TokenOf(string podUid) => $"token-{podUid}";
}
