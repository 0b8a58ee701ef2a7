using k8s;
using k8s.Autorest;
using k8s.Models;

namespace AgentOperator.ControlRuntime;

/// <summary>Reads and writes the Lease. Every write is a compare-and-swap on what was read.</summary>
internal sealed class LeaseLock(IKubernetes client, LeaderElectionSettings settings, TimeProvider time)
{
    public async Task<V1Lease?> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await client.CoordinationV1.ReadNamespacedLeaseAsync(
                settings.Lease.Name, settings.Lease.Namespace, cancellationToken: cancellationToken);
        }
        catch (HttpOperationException exception) when (exception.IsNotFound())
        {
            return null;
        }
    }

    /// <summary>Takes or renews the lease.</summary>
    /// <param name="current">The lease as it was read; null when there is none.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The lease as it is now; null when another process was quicker.</returns>
    public async Task<V1Lease?> HoldAsync(V1Lease? current, CancellationToken cancellationToken)
    {
        var now = MicroTime.Of(time.GetUtcNow());
        var isHolder = current?.Spec?.HolderIdentity == settings.Identity;
        var spec = new V1LeaseSpec
        {
            HolderIdentity = settings.Identity,
            LeaseDurationSeconds = (int)Math.Ceiling(settings.LeaseDuration.TotalSeconds),
            AcquireTime = isHolder ? current!.Spec.AcquireTime : now,
            RenewTime = now,
            LeaseTransitions = current is null ? 0 : (current.Spec?.LeaseTransitions ?? 0) + (isHolder ? 0 : 1),
        };
        return await WriteAsync(current, spec, cancellationToken);
    }

    /// <summary>Gives the lease up, so that another process need not wait for its end.</summary>
    /// <param name="held">The lease as it was last written.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>False when another process has written it meanwhile.</returns>
    public async Task<bool> ReleaseAsync(V1Lease held, CancellationToken cancellationToken)
    {
        var now = MicroTime.Of(time.GetUtcNow());
        var spec = new V1LeaseSpec { LeaseDurationSeconds = 1, AcquireTime = now, RenewTime = now, LeaseTransitions = held.Spec.LeaseTransitions };
        return await WriteAsync(held, spec, cancellationToken) is not null;
    }

    private async Task<V1Lease?> WriteAsync(V1Lease? current, V1LeaseSpec spec, CancellationToken cancellationToken)
    {
        var lease = new V1Lease
        {
            Metadata = current?.Metadata ?? new V1ObjectMeta { Name = settings.Lease.Name, NamespaceProperty = settings.Lease.Namespace },
            Spec = spec,
        };
        try
        {
            return current is null
                ? await client.CoordinationV1.CreateNamespacedLeaseAsync(lease, settings.Lease.Namespace, cancellationToken: cancellationToken)
                : await client.CoordinationV1.ReplaceNamespacedLeaseAsync(
                    lease, settings.Lease.Name, settings.Lease.Namespace, cancellationToken: cancellationToken);
        }
        catch (HttpOperationException exception) when (exception.IsConflict() || exception.IsAlreadyExists() || exception.IsNotFound())
        {
            // Not found: the lease was deleted since it was read; the next try makes a new one.
            return null;
        }
    }
}
