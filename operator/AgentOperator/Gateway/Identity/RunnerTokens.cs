using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using AgentOperator.Caching;

namespace AgentOperator.Gateway.Identity;

/// <summary>
/// Finds the pod of a token, with one TokenReview for each token and period. What a review said is remembered under the token's hash; the token
/// itself is not kept. ADR 30.
/// </summary>
internal sealed class RunnerTokens(ITokenReviewer reviewer, ReviewBounds bounds, TimeProvider time)
{
    /// <summary>
    /// How long an accepted token is not reviewed again. A deleted pod's token may be accepted that much longer; the journal's epoch fences it.
    /// </summary>
    public static readonly TimeSpan Accepted = TimeSpan.FromMinutes(1);

    /// <summary>How long a refused token is not reviewed again. Short: the API server may not have known the pod yet.</summary>
    public static readonly TimeSpan Refused = TimeSpan.FromSeconds(10);

    /// <summary>How long a token that was accepted is reviewed again whatever its address did meanwhile. Runners ask more often.</summary>
    public static readonly TimeSpan Known = TimeSpan.FromMinutes(5);

    // Apart, so that refused tokens take no room of accepted ones.
    private readonly ExpiringCache<string, (ReviewedPod Pod, long At)> _accepted = new(50_000, time);
    private readonly ExpiringCache<string, bool> _refused = new(10_000, time);
    private readonly ConcurrentDictionary<string, Lazy<Task<ReviewedPod?>>> _underWay = new();

    /// <summary>The pod that the token is bound to.</summary>
    /// <param name="token">Any text.</param>
    /// <param name="address">Where it came from, if that is known.</param>
    /// <param name="cancellationToken">Ends the wait; the review goes on for whoever else waits for it.</param>
    /// <exception cref="GatewayException">The token is refused, or there are too many reviews.</exception>
    public async Task<ReviewedPod> FindPodAsync(string token, IPAddress? address, CancellationToken cancellationToken)
    {
        var key = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
        if (!TryRemember(key, out var pod))
        {
            if (UnverifiedToken.FindProblem(token, time.GetUtcNow()) is { } problem)
            {
                throw GatewayException.Unauthorized($"the token {problem}");
            }

            var review = _underWay.GetOrAdd(key, _ => new Lazy<Task<ReviewedPod?>>(() => ReviewAsync(key, token, address)));

            // WaitAsync: of several that await one task directly, all but the last resume on the thread pool, and a simulation could not be replayed.
            pod = await review.Value.WaitAsync(cancellationToken);
        }

        return pod ?? throw GatewayException.Unauthorized("the token is not a pod's token for this gateway's audience, or has expired");
    }

    private async Task<ReviewedPod?> ReviewAsync(string key, string token, IPAddress? address)
    {
        try
        {
            // The review before this one may have ended just now.
            if (TryRemember(key, out var remembered))
            {
                return remembered;
            }

            var isKnown = _accepted.TryGet(key, out _);
            var pod = await bounds.RunAsync(isKnown ? null : address, () => reviewer.ReviewAsync(token, CancellationToken.None));
            if (pod is null)
            {
                _refused.Set(key, true, Refused);
            }
            else
            {
                _accepted.Set(key, (pod, time.GetTimestamp()), Known);
            }

            return pod;
        }
        finally
        {
            _underWay.TryRemove(key, out _);
        }
    }

    /// <summary>What the last review said, if it still holds: a pod, or null for a token that was refused.</summary>
    private bool TryRemember(string key, out ReviewedPod? pod)
    {
        pod = _accepted.TryGet(key, out var accepted) && time.GetElapsedTime(accepted.At) < Accepted ? accepted.Pod : null;
        return pod is not null || _refused.TryGet(key, out _);
    }
}
