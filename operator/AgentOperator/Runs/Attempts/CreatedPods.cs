using System.Collections.Concurrent;
using AgentOperator.ControlRuntime;
using AgentOperator.Journal;

namespace AgentOperator.Runs.Attempts;

/// <summary>
/// Remembers the pod that this process created for a run, at most one each, until its epoch is claimed. Only these pods may get an epoch: whatever
/// the API server shows of a pod, a user may have written. A process that dies forgets, and its successor creates the pod again.
/// </summary>
internal sealed class CreatedPods
{
    private readonly ConcurrentDictionary<ObjectKey, (string RunUid, CreatedPod Pod)> _created = new();

    public void Remember(RunIdentity run, CreatedPod pod) => _created[KeyOf(run)] = (run.Uid, pod);

    /// <summary>The pod of this very run; null if there is none. Its epoch may have been claimed by another process meanwhile.</summary>
    public CreatedPod? Find(RunIdentity run) => _created.TryGetValue(KeyOf(run), out var entry) && entry.RunUid == run.Uid ? entry.Pod : null;

    public void Forget(ObjectKey run) => _created.TryRemove(run, out _);

    private static ObjectKey KeyOf(RunIdentity run) => new(run.Namespace, run.Name);
}
