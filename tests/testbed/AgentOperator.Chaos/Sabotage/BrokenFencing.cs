using System.Globalization;
using AgentOperator.Gateway.Identity;

namespace AgentOperator.Chaos.Sabotage;

/// <summary>Takes every pod of a run for the one that owns it: as if nobody compared epochs and pods.</summary>
internal sealed class BrokenFencing : ISabotage
{
    public ITokenReviewer Reviewer(ITokenReviewer reviewer, World world) => new OwnerReviewer(reviewer, world);

    private sealed class OwnerReviewer(ITokenReviewer reviewer, World world) : ITokenReviewer
    {
        public async Task<ReviewedPod?> ReviewAsync(string token, CancellationToken cancellationToken)
        {
            var pod = await reviewer.ReviewAsync(token, cancellationToken);
            return pod is not null && world.RunUidOf(pod.Uid) is { } uid && world.Oracles.Journal.Of(uid) is { OwnerPodUid: { } owner } truth
                ? pod with { Name = string.Create(CultureInfo.InvariantCulture, $"{truth.Run}-{truth.Epoch}"), Uid = owner }
                : pod;
        }
    }
}
