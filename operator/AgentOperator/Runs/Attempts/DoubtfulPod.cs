using AgentOperator.ControlRuntime;
using k8s.Models;

namespace AgentOperator.Runs.Attempts;

/// <summary>
/// Asks the API server for the pod of the current attempt where the cache may be late: it lacks the pod, or shows it at work although another process
/// wrote that the attempt has ended.
/// </summary>
internal sealed class DoubtfulPod(IObjectClient<V1Pod> pods)
{
    /// <summary>The run's pods with what the server says of the current one; null if the cached ones hold.</summary>
    public async Task<IReadOnlyList<V1Pod>?> FindAsync(RunSnapshot snapshot, CancellationToken cancellationToken)
    {
        var attempts = AttemptLog.Of(snapshot);
        var isMissing = attempts.Pod is null;
        if (!attempts.IsOpen || (!isMissing && !ForgedEnd.HasRecordedEnd(snapshot, attempts.Number))
            || snapshot.Head is not { Pod: { } name, PodUid: { } uid })
        {
            return null;
        }

        var live = await pods.GetAsync(new ObjectKey(snapshot.Identity.Namespace, name), cancellationToken);
        var others = snapshot.Pods.Where(known => known.Metadata.Name != name && known.Metadata.Uid != uid);
        return live?.Metadata.Uid == uid ? [.. others, live]
            : isMissing ? null
            : [.. others];
    }
}
