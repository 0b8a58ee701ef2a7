using System.Globalization;
using AgentOperator.Api;
using AgentOperator.Caching;
using AgentOperator.ControlRuntime;
using AgentOperator.Gateway.Identity;
using AgentOperator.Journal;
using AgentOperator.Pods;
using k8s.Models;

namespace AgentOperator.Gateway.Heartbeats;

/// <summary>Heartbeats, and stops that a runner is told of, as annotations of its pod, which the reconciler watches anyway.</summary>
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
        if (await AnnotateAsync(runner, Annotations.Heartbeat, stamp, cancellationToken))
        {
            _recorded.Set(runner.Writer.PodUid, true, atMostEvery);
        }
    }

    public Task RecordStopAsync(RunnerIdentity runner, string reason, CancellationToken cancellationToken)
    {
        var known = pods.Get(new ObjectKey(runner.Run.Namespace, runner.Pod));
        return known?.Metadata.Uid == runner.Writer.PodUid && PodFacts.ToldToStop(known) == reason
            ? Task.CompletedTask
            : AnnotateAsync(runner, Annotations.ToldToStop, reason, cancellationToken);
    }

    /// <summary>
    /// Whether the pod is so young that its start says the same, and needs no write. Not so for later attempts: the first beat ends the recovery.
    /// </summary>
    internal static bool IsToldByItsStart(V1Pod? pod, Writer writer, DateTimeOffset now, TimeSpan atMostEvery) =>
        writer.Epoch == 1 && pod?.Metadata.Uid == writer.PodUid && PodFacts.CreatedAt(pod) is { } created && now - created < atMostEvery;

    /// <summary>Sets an annotation of the runner's pod; false if the pod is gone.</summary>
    private Task<bool> AnnotateAsync(RunnerIdentity runner, string annotation, string value, CancellationToken cancellationToken)
    {
        var patch = new
        {
            // With the UID, a pod that was replaced by one of the same name gets no annotation of its predecessor.
            metadata = new { uid = runner.Writer.PodUid, annotations = new Dictionary<string, string> { [annotation] = value } },
        };
        return client.PatchAsync(new ObjectKey(runner.Run.Namespace, runner.Pod), patch, cancellationToken);
    }
}
