using System.Collections.Concurrent;
using AgentOperator.Gateway.Identity;

namespace AgentOperator.Tests.Gateway.Identity;

/// <summary>Counts the reviews of each token, and says what the test wants.</summary>
internal sealed class CountingReviewer : ITokenReviewer
{
    public static readonly ReviewedPod Pod = new("agents", "survey-1", "pod-uid-1");

    public ConcurrentDictionary<string, int> Reviews { get; } = new();

    public Func<string, Task<ReviewedPod?>> Answer { get; set; } = _ => Task.FromResult<ReviewedPod?>(null);

    public Task<ReviewedPod?> ReviewAsync(string token, CancellationToken cancellationToken)
    {
        Reviews.AddOrUpdate(token, 1, static (_, count) => count + 1);
        return Answer(token);
    }
}
