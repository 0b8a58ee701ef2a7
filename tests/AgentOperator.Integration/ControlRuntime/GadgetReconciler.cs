using System.Collections.Concurrent;
using AgentOperator.ControlRuntime;
using k8s.Autorest;
using k8s.Models;

namespace AgentOperator.Integration.ControlRuntime;

/// <summary>Gives each gadget a child of a derived name and a status that repeats its size.</summary>
internal sealed class GadgetReconciler(
    ILister<Gadget> gadgets,
    ILister<V1ConfigMap> children,
    IObjectClient<Gadget> gadgetClient,
    IObjectClient<V1ConfigMap> childClient,
    ConcurrentQueue<ObjectKey> reconciled) : IReconciler
{
    public async Task<Result> ReconcileAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        reconciled.Enqueue(key);
        if (gadgets.Get(key) is not { } gadget)
        {
            return Result.Done;
        }

        if (children.ByOwner(gadget.Metadata.Uid).Count == 0)
        {
            await CreateChildAsync(gadget, cancellationToken);
        }

        var wanted = new GadgetStatus { ObservedSize = gadget.Spec.Size, Phase = "Ready" };
        if (gadget.Status != wanted)
        {
            await gadgetClient.ApplyStatusAsync(key, "gadget-controller", Gadgets.Status(key.Name, wanted), cancellationToken);
        }

        return Result.Done;
    }

    private async Task CreateChildAsync(Gadget gadget, CancellationToken cancellationToken)
    {
        try
        {
            await childClient.CreateAsync(Child(gadget), cancellationToken);
        }
        catch (HttpOperationException exception) when (exception.IsAlreadyExists())
        {
            // The cache does not show it yet.
        }
    }

    private static V1ConfigMap Child(Gadget gadget) => new()
    {
        Metadata = new V1ObjectMeta
        {
            Name = $"{gadget.Metadata.Name}-child",
            NamespaceProperty = gadget.Metadata.NamespaceProperty,
            Labels = new Dictionary<string, string> { ["child"] = "yes" },
            OwnerReferences =
            [
                new V1OwnerReference
                {
                    ApiVersion = gadget.ApiVersion, Kind = gadget.Kind, Name = gadget.Metadata.Name, Uid = gadget.Metadata.Uid, Controller = true,
                    BlockOwnerDeletion = false,
                },
            ],
        },
    };
}
