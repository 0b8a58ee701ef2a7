using System.Text.Json;
using AgentOperator.Api;
using AgentOperator.Chaos.Agents;
using AgentOperator.Chaos.Cluster;
using AgentOperator.Chaos.Oracles;
using AgentOperator.ControlRuntime;
using AgentOperator.Gateway;
using AgentOperator.Gateway.Identity;
using AgentOperator.Gateway.Models;
using AgentOperator.Gateway.Peers;
using AgentOperator.Hosting;
using AgentOperator.Journal;
using AgentOperator.Pods;
using AgentOperator.Runs;
using k8s;
using k8s.Models;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace AgentOperator.Chaos.Operators;

/// <summary>
/// The operator as it is delivered, with the world outside it replaced: the API server's clients, the clock, the network, chance, and who reads logs
/// and metrics. Its hosted services are not started: <see cref="Watch{T}"/> fills the caches, and <see cref="OperatorFleet"/> has the lease.
/// </summary>
internal static class ReplicaServices
{
    private static readonly IServiceCollection Delivered = new ServiceCollection()
        .AddLogging()
        .AddControlRuntime()
        .AddRunsAndGateway(watched: null, ReplicaController.RunWorkers)
        .AddSingleton<IHostApplicationLifetime, ApplicationLifetime>()
        .AddSingleton<IGatewayAuthority, FixedAuthority>()
        .AddSingleton(Options.Create(new PodOptions { RunnerImage = "agent-runner:chaos", GatewayUrl = "https://gateway.agents:8443" }));

    /// <summary>The instruments, made once for all replicas: nobody listens to them, and the runtime keeps meters for ever.</summary>
    private static readonly ServiceProvider Shared =
        new ServiceCollection { Delivered }.AddMetrics().AddSingleton<IKubernetes>(_ => Client()).BuildServiceProvider();

    /// <summary>The services of one replica.</summary>
    public static IServiceProvider Of(World world, Replica replica)
    {
        IServiceCollection services = new ServiceCollection { Delivered };
        var (process, server) = (replica.Process, world.Server);
        var clock = new ServerClock(process.Time, NullLogger<ServerClock>.Instance);
        var api = new ApiConnection(world.Simulator, world.Faults, server, process, clock);
        services.AddSingleton(clock).AddSingleton(new Random((int)world.Simulator.Random.NextUInt64())).AddSingleton(world.Loggers);
        Share<RunMetrics>(services);
        Share<GatewayMetrics>(services);
        Share<ControlRuntimeMetrics>(services);

        services.AddSingleton<IKubernetes>(_ => Client(new TokenReviews(api)));
        services.AddSingleton<IObjectClient<AgentRun>>(new SimulatedObjectClient<AgentRun>(api, server.Runs)
        {
            Delete = (key, uid, _) => server.DeleteRun(key, uid), WithStatus = (run, status) => WithStatus(world, run, status, process.Name),
        });
        services.AddSingleton<IObjectClient<V1Pod>>(new SimulatedObjectClient<V1Pod>(api, server.Pods)
        {
            Create = server.CreatePod,
            Delete = server.DeletePod,
            WithMetadata = (pod, metadata) => pod with { Metadata = metadata },
        });
        services.AddSingleton<IObjectClient<ModelEndpoint>>(new SimulatedObjectClient<ModelEndpoint>(api, server.Endpoints)
        {
            WithStatus = (endpoint, status) => WithStatus(world, endpoint, status),
        });
        services.AddSingleton<IObjectClient<V1ConfigMap>>(new SimulatedObjectClient<V1ConfigMap>(api, server.ConfigMaps));
        services.AddSingleton<IObjectClient<V1ServiceAccount>>(new SimulatedObjectClient<V1ServiceAccount>(api, server.ServiceAccounts));
        services.AddSingleton<IObjectClient<V1Secret>>(new SimulatedObjectClient<V1Secret>(api, server.Secrets));
        services.AddSingleton<ISegmentClient>(provider => new SimulatedSegmentClient(
            api, provider.GetRequiredService<ILister<JournalSegmentHeader>>(), world.Oracles.Journal));
        services.AddSingleton<IEventRecorder>(new EventCollector(world.Oracles.Status));

        services.AddSingleton<Func<IWorkSignal>>(() => new SimulatedWorkSignal(world.Simulator, process));
        services.AddSingleton(new RetryJitter(world.Simulator.Random.Fork().NextDouble));
        services.AddSingleton<IGatewayPeers>(new SimulatedPeers(world, replica));
        services.AddSingleton(provider => new ProviderTransport(
            new ModelTransport(world, process, (LookBeforeSending)provider.GetRequiredService<IJournalStore>())));

        Decorate<IJournalStore>(services, journal => new LookBeforeSending(world.Sabotage.Journal(journal, world.Simulator, process)));
        Decorate<ITokenReviewer>(services, reviewer => world.Sabotage.Reviewer(reviewer, world));
        return services.BuildServiceProvider();
    }

    private static void Share<T>(IServiceCollection services)
        where T : class => services.AddSingleton(Shared.GetRequiredService<T>());

    private static Kubernetes Client(params DelegatingHandler[] handlers) =>
        new(new KubernetesClientConfiguration { Host = "http://api" }, handlers);

    private static void Decorate<T>(IServiceCollection services, Func<T, T> around)
        where T : class
    {
        var delivered = services.Single(service => service.ServiceType == typeof(T)).ImplementationType!;
        services.AddSingleton(provider => around((T)ActivatorUtilities.CreateInstance(provider, delivered)));
    }

    private static ModelEndpoint WithStatus(World world, ModelEndpoint endpoint, JsonElement document)
    {
        world.Oracles.Status.Told(endpoint.Metadata.Name, document.GetRawText());
        return new ModelEndpoint
        {
            Metadata = endpoint.Metadata, Spec = endpoint.Spec, Status = document.Deserialize(ApiJson.TypeInfo<ModelEndpointStatus>()),
        };
    }

    private static AgentRun WithStatus(World world, AgentRun run, JsonElement document, string by)
    {
        var status = document.Deserialize(ApiJson.TypeInfo<AgentRunStatus>())!;
        world.Oracles.Status.Applied(run, status, by);
        world.Simulator.Note($"status of {run.Metadata.Name}: {status.Phase}, attempt {status.Attempt}, sequence {status.Checkpoint?.Sequence}");
        return new AgentRun { Metadata = run.Metadata, Spec = run.Spec, Status = status };
    }
}
