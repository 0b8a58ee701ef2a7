using AgentOperator.ControlRuntime;
using AgentOperator.Integration.Support;
using k8s;
using k8s.Models;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace AgentOperator.Integration.ControlRuntime;

/// <summary>An application on the control runtime against the real API server.</summary>
internal sealed class RuntimeHost : IAsyncDisposable
{
    private readonly IHost _host;

    private RuntimeHost(IHost host) => _host = host;

    public static async Task<RuntimeHost> StartAsync(Action<IServiceCollection> configure, Action<ControlRuntimeOptions>? options = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSingleton(ControlPlane.CreateClient());
        builder.Services.AddControlRuntime(runtime =>
        {
            runtime.LeaderElection = false;
            options?.Invoke(runtime);
        });
        configure(builder.Services);
        var host = builder.Build();
        await host.StartAsync();
        return new RuntimeHost(host);
    }

    public T Get<T>()
        where T : notnull => _host.Services.GetRequiredService<T>();

    public async Task<IInformer<T>> GetSyncedAsync<T>()
        where T : IKubernetesObject<V1ObjectMeta>
    {
        var informer = Get<IInformer<T>>();
        await Soon.BeTrueAsync(() => informer.HasSynced, $"the cache of {informer.Definition} is in sync");
        return informer;
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }
}
