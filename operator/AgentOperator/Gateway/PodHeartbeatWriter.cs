using System.Globalization;
using System.Text.Json;
using AgentOperator.Api;
using AgentOperator.ControlRuntime;
using k8s;
using k8s.Autorest;
using k8s.Models;
using Microsoft.Extensions.Caching.Memory;

namespace AgentOperator.Gateway;

/// <summary>Heartbeats as an annotation of the runner's pod, which the reconciler watches anyway.</summary>
internal sealed class PodHeartbeatWriter(IKubernetes kubernetes, TimeProvider time) : IHeartbeatWriter, IDisposable
{
    private readonly MemoryCache _recorded = new(new MemoryCacheOptions { SizeLimit = 100_000 });

    public async Task RecordAsync(RunnerIdentity runner, TimeSpan atMostEvery, CancellationToken cancellationToken)
    {
        if (_recorded.TryGetValue(runner.Writer.PodUid, out _))
        {
            return;
        }

        var stamp = time.GetUtcNow().UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
        var patch = JsonSerializer.Serialize(new
        {
            // With the UID, a pod that was replaced by one of the same name is a conflict and not a false sign of life.
            metadata = new { uid = runner.Writer.PodUid, annotations = new Dictionary<string, string> { [Annotations.Heartbeat] = stamp } },
        });
        try
        {
            await kubernetes.CoreV1.PatchNamespacedPodAsync(
                new V1Patch(patch, V1Patch.PatchType.MergePatch), runner.Pod, runner.Run.Namespace, cancellationToken: cancellationToken);
            _recorded.Set(runner.Writer.PodUid, true, new MemoryCacheEntryOptions { Size = 1, AbsoluteExpirationRelativeToNow = atMostEvery });
        }
        catch (HttpOperationException exception) when (exception.IsNotFound() || exception.IsConflict())
        {
            // The pod is gone: there is nothing left to keep alive.
        }
    }

    public void Dispose() => _recorded.Dispose();
}
