using AgentOperator.Api;
using AgentOperator.ControlRuntime;

namespace AgentOperator.Gateway.Models;

/// <summary>Forgets what is known of ModelEndpoints that are deleted.</summary>
internal sealed class DeletedEndpoints(
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
    }

    public void OnDeleted(ModelEndpoint deleted)
    {
        health.Forget(ObjectKey.Of(deleted));
        pipelines.Forget(key => endpoints.Get(key) is not null);
        transport.Forget(key => endpoints.Get(key) is not null);
    }

    public void Dispose() => Interlocked.Exchange(ref _subscription, null)?.Dispose();
}
