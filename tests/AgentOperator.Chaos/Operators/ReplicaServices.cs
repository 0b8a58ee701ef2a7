namespace AgentOperator.Chaos.Operators;

/// <summary>What the gateway's handlers ask for, without a container.</summary>
internal sealed class ReplicaServices : IServiceProvider
{
    private readonly Dictionary<Type, object> _services = [];

    public ReplicaServices Add<T>(T service)
        where T : notnull
    {
        _services[typeof(T)] = service;
        return this;
    }

    public object? GetService(Type serviceType) => _services.GetValueOrDefault(serviceType);
}
