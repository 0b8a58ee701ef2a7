using AgentOperator.ControlRuntime;
using AgentOperator.Hosting;
using AgentOperator.Pods;
using k8s;
using k8s.Models;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace AgentOperator.Tests.Fakes;

/// <summary>
/// One process of the operator as it is delivered, but for its API client, its clock and its certificate. Nothing in it runs by itself: a test
/// reconciles, and fills the caches, when it wants.
/// </summary>
internal static class OperatorServices
{
    private static readonly Dictionary<string, string?> Settings = new()
    {
        ["AgentOperator:Namespace"] = "system",
        ["AgentOperator:PodName"] = "agent-operator-1",
        ["AgentOperator:RunnerImage"] = "runner:1",
        ["AgentOperator:GatewayUrl"] = "https://gateway:8443",
        ["AgentOperator:StreamLists"] = "false",
    };

    public static IServiceCollection AddOperator(this IServiceCollection services, FakeConnection connection, TimeProvider time)
    {
        services.AddSingleton(connection);
        services.AddSingleton<IKubernetes>(connection.Client);
        services.AddLogging();
        services.AddAgentOperator(new ConfigurationBuilder().AddInMemoryCollection(Settings).Build());
        services.AddSingleton(time);
        services.AddSingleton<IGatewayAuthority>(new FixedAuthority("-----BEGIN CERTIFICATE-----\nMA==\n-----END CERTIFICATE-----\n"));
        return services.RemoveAll<IHostedService>();
    }

    public static ServiceProvider Operator(FakeConnection connection, TimeProvider time, Action<IServiceCollection>? replace = null)
    {
        var services = new ServiceCollection().AddOperator(connection, time);
        replace?.Invoke(services);
        return services.BuildServiceProvider();
    }

    /// <summary>Lets the cache of a kind catch up with the server.</summary>
    public static async Task SyncAsync<T>(this IServiceProvider services)
        where T : IKubernetesObject<V1ObjectMeta>
    {
        var informer = services.GetServices<IRunnableInformer>().Single(informer => informer is IInformer<T>);
        using var stop = new CancellationTokenSource();
        services.GetRequiredService<FakeConnection>().WatchOpened = stop.Cancel;
        await informer.RunAsync(stop.Token);
    }
}
