using AgentOperator.Api;
using AgentOperator.ControlRuntime;
using AgentOperator.Validation;

namespace AgentOperator.Gateway.Models;

/// <summary>Tells calls that wait for a place that their ModelEndpoint has changed, and forgets what is known of deleted ones.</summary>
internal sealed class EndpointChanges(
    IInformer<ModelEndpoint> endpoints, EndpointPipelines pipelines, ProviderTransport transport, EndpointHealth health)
    : IHostedService, IInformerObserver<ModelEndpoint>, IDisposable
{
    private IDisposable? _subscription;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _subscription = endpoints.Subscribe(this);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        Dispose();
        return Task.CompletedTask;
    }

    public void OnAdded(ModelEndpoint added, bool isInInitialList)
    {
    }

    public void OnUpdated(ModelEndpoint previous, ModelEndpoint current)
    {
        if (EndpointBlocker.Find(current, current.Metadata.Name, current.Metadata.NamespaceProperty) is null)
        {
            pipelines.Update(current);
        }
    }

    public void OnDeleted(ModelEndpoint deleted)
    {
        health.Forget(ObjectKey.Of(deleted));
        pipelines.Forget(key => endpoints.Get(key) is not null);
        transport.Forget(key => endpoints.Get(key) is not null);
    }

    public void Dispose() => Interlocked.Exchange(ref _subscription, null)?.Dispose();
}
