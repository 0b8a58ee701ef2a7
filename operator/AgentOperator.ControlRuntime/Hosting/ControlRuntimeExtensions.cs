using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using k8s;
using k8s.Models;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AgentOperator.ControlRuntime;

/// <summary>Adds the control runtime to an application.</summary>
public static class ControlRuntimeExtensions
{
    /// <summary>
    /// Adds what every controller needs: the API client (in-cluster, else <c>KUBECONFIG</c>, unless one is registered), the API server's clock as the
    /// <see cref="TimeProvider" /> and <see cref="Random.Shared" /> as the source of jitter (unless others are registered),
    /// <see cref="ILeadership" />, <see cref="IEventRecorder" />, and the hosted service that runs informers and controllers.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="configure">Changes the options; they are validated at start.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddControlRuntime(this IServiceCollection services, Action<ControlRuntimeOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddOptions<ControlRuntimeOptions>().Configure(options => configure?.Invoke(options)).ValidateDataAnnotations().ValidateOnStart();
        if (services.Any(service => service.ServiceType == typeof(ControllerManager)))
        {
            return services;
        }

        services.AddSingleton<IValidateOptions<ControlRuntimeOptions>, ControlRuntimeOptionsValidator>();
        services.TryAddSingleton(provider => new ServerClock(TimeProvider.System, provider.GetRequiredService<ILogger<ServerClock>>()));
        services.TryAddSingleton<TimeProvider>(provider => provider.GetRequiredService<ServerClock>());
        services.TryAddSingleton(provider => KubernetesClientFactory.Create(provider.GetRequiredService<ServerClock>()));
        services.TryAddSingleton(Random.Shared);
        services.AddSingleton<Func<IWorkSignal>>(() => new WorkSignal());
        services.AddSingleton<ControlRuntimeMetrics>();
        services.AddSingleton<IProcessExit, HostExit>();
        services.AddSingleton(ControlRuntimeFactory.LeaderElectionOf);
        services.AddSingleton(provider => (ILeadership)provider.GetRequiredService<ILeaderElection>());
        services.AddSingleton<EventRecorder>();
        services.AddSingleton<IEventRecorder>(provider => provider.GetRequiredService<EventRecorder>());

        // Hosted services stop in reverse: events are written until the controllers have ended.
        services.AddHostedService(ControlRuntimeFactory.EventWriterOf);
        services.AddSingleton<ControllerManager>();
        services.AddHostedService(provider => provider.GetRequiredService<ControllerManager>());
        return services;
    }

    /// <summary>
    /// Adds the cache of one kind, <see cref="IInformer{T}" /> and <see cref="ILister{T}" />, and the client to it, <see cref="IObjectClient{T}" />.
    /// The cache runs on every replica.
    /// </summary>
    /// <typeparam name="T">The kind of object.</typeparam>
    /// <param name="services">The services.</param>
    /// <param name="definition">Where the kind lives in the API; <see cref="ResourceDefinition.Of{T}" /> reads it from the type.</param>
    /// <param name="configure">Changes selectors, JSON options and indexes.</param>
    /// <returns>The same services.</returns>
    /// <exception cref="InvalidOperationException">The kind has an informer already.</exception>
    public static IServiceCollection AddInformer<T>(
        this IServiceCollection services, ResourceDefinition definition, Action<InformerOptions<T>>? configure = null)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(definition);
        if (services.Any(service => service.ServiceType == typeof(IInformer<T>)))
        {
            throw new InvalidOperationException($"{typeof(T).Name} has an informer already.");
        }

        var informerOptions = new InformerOptions<T>();
        configure?.Invoke(informerOptions);
        Validator.ValidateObject(informerOptions, new ValidationContext(informerOptions), validateAllProperties: true);
        services.AddSingleton(informerOptions);
        services.AddSingleton(provider => ControlRuntimeFactory.InformerOf<T>(provider, definition));
        services.AddSingleton<IInformer<T>>(provider => provider.GetRequiredService<Informer<T>>());
        services.AddSingleton<ILister<T>>(provider => provider.GetRequiredService<Informer<T>>());
        services.AddSingleton<IInformer>(provider => provider.GetRequiredService<Informer<T>>());
        services.AddSingleton<IRunnableInformer>(provider => provider.GetRequiredService<Informer<T>>());
        return services.AddObjectClient<T>(definition, informerOptions.JsonOptions);
    }

    /// <summary>Adds <see cref="IObjectClient{T}" /> for a kind that has no cache here. A kind that has one keeps its client.</summary>
    /// <typeparam name="T">The kind of object.</typeparam>
    /// <param name="services">The services.</param>
    /// <param name="definition">Where the kind lives in the API; <see cref="ResourceDefinition.Of{T}" /> reads it from the type.</param>
    /// <param name="jsonOptions">How objects are read and written; null (the default) for KubernetesClient's own options.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddObjectClient<T>(
        this IServiceCollection services, ResourceDefinition definition, JsonSerializerOptions? jsonOptions = null)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(definition);
        services.TryAddSingleton<IObjectClient<T>>(
            provider => new ObjectClient<T>(provider.GetRequiredService<IKubernetes>(), definition, jsonOptions));
        return services;
    }

    /// <summary>Adds a controller. It runs on the leader only, after the caches it watches are in sync.</summary>
    /// <typeparam name="TReconciler">Its reconciler, made once from the services.</typeparam>
    /// <param name="services">The services.</param>
    /// <param name="name">Its name in logs and metrics; unique.</param>
    /// <param name="workers">How many keys are reconciled at the same time; at least one.</param>
    /// <param name="configure">Names the kinds it watches; <see cref="ControllerBuilder.For{T}" /> is required.</param>
    /// <returns>The same services.</returns>
    /// <exception cref="ArgumentException">There is no <see cref="ControllerBuilder.For{T}" />, or the name is taken.</exception>
    public static IServiceCollection AddController<TReconciler>(
        this IServiceCollection services, string name, int workers, Action<ControllerBuilder> configure)
        where TReconciler : class, IReconciler
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentOutOfRangeException.ThrowIfLessThan(workers, 1);
        ArgumentNullException.ThrowIfNull(configure);
        var builder = new ControllerBuilder();
        configure(builder);
        if (!builder.HasPrimary)
        {
            throw new ArgumentException($"Controller '{name}' names no kind to reconcile: call For.", nameof(configure));
        }

        var registration = new ControllerRegistration(name, workers);
        if (services.Any(service => service.ImplementationInstance is ControllerRegistration other && other.Name == name))
        {
            throw new ArgumentException($"There is a controller '{name}' already.", nameof(name));
        }

        services.AddSingleton(registration);
        services.TryAddSingleton<TReconciler>();
        services.AddSingleton(provider =>
            ControlRuntimeFactory.ControllerOf(provider, registration, builder.BuildSources(provider), provider.GetRequiredService<TReconciler>()));
        return services;
    }
}
