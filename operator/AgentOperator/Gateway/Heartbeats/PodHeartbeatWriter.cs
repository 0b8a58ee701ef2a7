using System.Globalization;
using AgentOperator.Api;
using AgentOperator.Caching;
using AgentOperator.ControlRuntime;
using AgentOperator.Gateway.Identity;
using AgentOperator.Journal;
using AgentOperator.Pods;
using k8s.Models;

namespace AgentOperator.Gateway.Heartbeats;

/// <summary>Heartbeats as an annotation of the runner's pod, which the reconciler watches anyway.</summary>
internal sealed class PodHeartbeatWriter(IObjectClient<V1Pod> client, ILister<V1Pod> pods, TimeProvider time) : IHeartbeatWriter
{
    private readonly ExpiringCache<string, bool> _recorded = new(100_000, time);

    public async Task RecordAsync(RunnerIdentity runner, TimeSpan atMostEvery, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var key = new ObjectKey(runner.Run.Namespace, runner.Pod);
        if (_recorded.TryGet(runner.Writer.PodUid, out _) || IsToldByItsStart(pods.Get(key), runner.Writer, now, atMostEvery))
        {
            return;
        }

        var stamp = now.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
        var patch = new
        {
            // With the UID, a pod that was replaced by one of the same name gets no false sign of life.
            metadata = new { uid = runner.Writer.PodUid, annotations = new Dictionary<string, string> { [Annotations.Heartbeat] = stamp } },
        };
        if (await client.PatchAsync(key, patch, cancellationToken))
        {
            _recorded.Set(runner.Writer.PodUid, true, atMostEvery);
        }
    }

    /// <summary>
    /// Whether the pod is so young that its start says the same, and needs no write. Not so for later attempts: the first beat ends the recovery.
    /// </summary>
    internal static bool IsToldByItsStart(V1Pod? pod, Writer writer, DateTimeOffset now, TimeSpan atMostEvery) =>
        writer.Epoch == 1 && pod?.Metadata.Uid == writer.PodUid && PodFacts.CreatedAt(pod) is { } created && now - created < atMostEvery;
}
