using AgentOperator.Chaos.RealCluster.Plan;
using AgentOperator.Testing;
using k8s;
using k8s.Autorest;
using k8s.Models;

namespace AgentOperator.Chaos.RealCluster.Strikes;

/// <summary>Takes the model provider away from every run for a while, one way at a time.</summary>
internal sealed class ProviderBreaker(Battlefield field, TimeProvider time) : IStrikeForce, IDisposable
{
    private static readonly TimeSpan TimeToMend = TimeSpan.FromMinutes(2);
    private readonly SemaphoreSlim _gate = new(1);

    public async Task<string?> StrikeAsync(Strike strike, CancellationToken ct)
    {
        if (!await _gate.WaitAsync(0, ct))
        {
            return null;
        }

        try
        {
            return strike.Kind == StrikeKind.CutProvider ? await CutAsync(strike, ct) : await RefuseAsync(strike, ct);
        }
        finally
        {
            _gate.Release();
        }
    }

    public void Dispose() => _gate.Dispose();

    private async Task<string?> CutAsync(Strike strike, CancellationToken ct)
    {
        var pods = await field.Cluster.Client.CoreV1.ListNamespacedPodAsync(
            TestCluster.ModelNamespace, labelSelector: "app=model-server", cancellationToken: ct);
        if (pods.Items.FirstOrDefault(pod => pod.Status.PodIP is not null) is not { } pod)
        {
            return null;
        }

        try
        {
            if (!await field.Filter.CutAsync(pod.Status.PodIP))
            {
                return null;
            }

            await Battlefield.LastAsync(strike.Duration, ct);
            return pod.Metadata.Name;
        }
        finally
        {
            await field.Filter.MendAsync(pod.Status.PodIP);
        }
    }

    private async Task<string?> RefuseAsync(Strike strike, CancellationToken ct)
    {
        await PutKeyAsync("sk-refused", ct);
        try
        {
            await Battlefield.LastAsync(strike.Duration, ct);
            return Manifests.KeySecret;
        }
        finally
        {
            await MendKeyAsync();
        }
    }

    private Task PutKeyAsync(string key, CancellationToken ct) => field.Cluster.Client.CoreV1.PatchNamespacedSecretAsync(
        new V1Patch(new { stringData = new { key } }, V1Patch.PatchType.MergePatch), Manifests.KeySecret, field.Namespace, cancellationToken: ct);

    /// <summary>Other strikes may have taken the API server away.</summary>
    private async Task MendKeyAsync()
    {
        for (var since = time.GetTimestamp(); ;)
        {
            try
            {
                await PutKeyAsync(TestCluster.ModelKey, CancellationToken.None);
                return;
            }
            catch (Exception exception) when (exception is HttpRequestException or HttpOperationException or IOException or OperationCanceledException
                && time.GetElapsedTime(since) < TimeToMend)
            {
                await Battlefield.LastAsync(TimeSpan.FromSeconds(1), CancellationToken.None);
            }
        }
    }
}
