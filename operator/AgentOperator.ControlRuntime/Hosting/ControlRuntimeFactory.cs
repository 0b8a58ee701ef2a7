using k8s;
using k8s.Models;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AgentOperator.ControlRuntime;

/// <summary>Puts the runtime's parts together from the services.</summary>
internal static class ControlRuntimeFactory
{
    public static Informer<T> InformerOf<T>(IServiceProvider provider, ResourceDefinition definition)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        var options = provider.GetRequiredService<IOptions<ControlRuntimeOptions>>().Value;
        var informerOptions = provider.GetRequiredService<InformerOptions<T>>();
        return new Informer<T>(
            definition,
            informerOptions,
            new ListWatch(provider.GetRequiredService<IKubernetes>(), definition, ListScope.Of(informerOptions)),
            new ReflectorOptions(informerOptions.PageSize, options.WatchTimeout, options.WatchIdleTimeout, options.WatchMaxBackoff)
            {
                StreamLists = options.StreamLists,
            },
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<Random>().NextDouble,
            provider.GetRequiredService<ControlRuntimeMetrics>(),
            provider.GetRequiredService<ILogger<Informer<T>>>());
    }

    public static Controller ControllerOf(
        IServiceProvider provider, ControllerRegistration registration, IReadOnlyList<IControllerSource> sources, IReconciler reconciler)
    {
        var options = provider.GetRequiredService<IOptions<ControlRuntimeOptions>>().Value;
        var time = provider.GetRequiredService<TimeProvider>();
        var metrics = provider.GetRequiredService<ControlRuntimeMetrics>();
        var signalOf = provider.GetRequiredService<Func<IWorkSignal>>();
        var delay = new ExponentialDelay(options.RetryBaseDelay, options.RetryMaxDelay, provider.GetRequiredService<Random>().NextDouble);
        return new Controller(
            registration.Name,
            registration.Workers,
            sources,
            reconciler,
            () => new WorkQueue<ObjectKey>(registration.Name, time, new KeyBackoff<ObjectKey>(delay), metrics, signalOf()),
            options.ReconcileTimeout,
            time,
            metrics,
            provider.GetRequiredService<ILogger<Controller>>());
    }

    public static ILeaderElection LeaderElectionOf(IServiceProvider provider)
    {
        var options = provider.GetRequiredService<IOptions<ControlRuntimeOptions>>().Value;
        var identity = options.Identity ?? ProcessIdentity.Unique();
        if (!options.LeaderElection)
        {
            return new SoleLeader(identity);
        }

        var time = provider.GetRequiredService<TimeProvider>();
        var settings = new LeaderElectionSettings(
            new ObjectKey(options.LeaseNamespace ?? ProcessIdentity.Namespace(), options.LeaseName),
            identity,
            options.LeaseDuration,
            options.RenewDeadline,
            options.RetryPeriod);
        return new LeaderElection(
            new LeaseLock(provider.GetRequiredService<IKubernetes>(), settings, time),
            settings,
            time,
            provider.GetRequiredService<Random>().NextDouble,
            provider.GetRequiredService<ControlRuntimeMetrics>(),
            provider.GetRequiredService<ILogger<LeaderElection>>());
    }

    public static EventWriter EventWriterOf(IServiceProvider provider)
    {
        var options = provider.GetRequiredService<IOptions<ControlRuntimeOptions>>();
        var instance = EventText.Cut(provider.GetRequiredService<ILeadership>().Identity, EventText.MaxNameBytes);
        return new EventWriter(
            provider.GetRequiredService<EventRecorder>(),
            new EventSink(provider.GetRequiredService<IKubernetes>(), options.Value.ReportingController, instance),
            options,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<Random>().NextDouble,
            provider.GetRequiredService<ControlRuntimeMetrics>(),
            provider.GetRequiredService<ILogger<EventWriter>>());
    }
}
