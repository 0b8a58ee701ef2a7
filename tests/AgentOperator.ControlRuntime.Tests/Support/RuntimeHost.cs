using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace AgentOperator.ControlRuntime.Tests.Support;

/// <summary>A whole application on the control runtime, as the operator is one, with quick lease times.</summary>
internal sealed class RuntimeHost : IAsyncDisposable
{
    private RuntimeHost(IHost host, ConcurrentQueue<string> reconciled, FakeExit exit)
    {
        Host = host;
        Reconciled = reconciled;
        Exit = exit;
    }

    public IHost Host { get; }

    public ConcurrentQueue<string> Reconciled { get; }

    public FakeExit Exit { get; }

    public ILeadership Leadership => Host.Services.GetRequiredService<ILeadership>();

    public static async Task<RuntimeHost> StartAsync(
        FakeApiServer server,
        Action<ControllerBuilder> configure,
        Func<ObjectKey, CancellationToken, Task<Result>>? reconcile = null,
        Action<ControlRuntimeOptions>? options = null)
    {
        var reconciled = new ConcurrentQueue<string>();
        var exit = new FakeExit();
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSingleton(server.CreateClient());
        builder.Services.AddControlRuntime(runtime =>
        {
            runtime.LeaseDuration = TimeSpan.FromSeconds(3);
            runtime.RenewDeadline = TimeSpan.FromSeconds(2);
            runtime.RetryPeriod = TimeSpan.FromMilliseconds(50);
            options?.Invoke(runtime);
        });
        builder.Services.AddSingleton<IProcessExit>(exit);
        builder.Services.AddInformer<Widget>(Widget.Definition);
        builder.Services.AddSingleton(new FuncReconciler((key, cancellationToken) =>
        {
            reconciled.Enqueue(key.ToString());
            return reconcile is null ? Task.FromResult(Result.Done) : reconcile(key, cancellationToken);
        }));
        builder.Services.AddController<FuncReconciler>("widgets", 2, configure);
        var host = builder.Build();
        await host.StartAsync(CancellationToken.None);
        return new RuntimeHost(host, reconciled, exit);
    }

    public async ValueTask DisposeAsync()
    {
        await Host.StopAsync(CancellationToken.None);
        Host.Dispose();
    }
}
