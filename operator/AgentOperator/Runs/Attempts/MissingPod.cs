using AgentOperator.ControlRuntime;
using k8s.Models;

namespace AgentOperator.Runs.Attempts;

/// <summary>
/// Finds the pod of an open attempt if the cache lacks it: the cache may be late, or somebody removed the pod's labels or its owner reference.
/// </summary>
internal sealed class MissingPod(IObjectClient<V1Pod> pods)
{
    /// <summary>The pod that the journal names, from the API server; null if it is not missing or is gone.</summary>
    public async Task<V1Pod?> FindAsync(RunSnapshot snapshot, CancellationToken cancellationToken)
    {
        if (AttemptLog.Of(snapshot) is not { IsOpen: true, Pod: null } || snapshot.Head is not { Pod: { } name, PodUid: { } uid })
        {
            return null;
        }

        var live = await pods.GetAsync(new ObjectKey(snapshot.Identity.Namespace, name), cancellationToken);
        return live?.Metadata.Uid == uid ? live : null;
    }
}
