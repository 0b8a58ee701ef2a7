using k8s.Autorest;

namespace AgentOperator.ControlRuntime;

/// <summary>Where a reflector is between the API server and its store.</summary>
internal abstract record ReflectorState
{
    private ReflectorState()
    {
    }

    /// <summary>Where to go on after a failure: from the last seen version if only the connection failed, else from a new list.</summary>
    public ReflectorState After(Exception exception) => (this, exception) switch
    {
        (_, ResourceExpiredException or WatchBrokenException) => new Empty(),
        (_, HttpOperationException http) when !http.IsTransient() => new Empty(),
        (Watching(var version), _) => new Listed(version),
        _ => this,
    };

    /// <summary>What the store holds cannot be continued: a complete list is needed.</summary>
    public sealed record Empty : ReflectorState;

    /// <summary>The store is complete up to a resource version, and no watch is open.</summary>
    public sealed record Listed(string ResourceVersion) : ReflectorState;

    /// <summary>A watch is open, and the store has everything that it said up to a resource version.</summary>
    public sealed record Watching(string ResourceVersion) : ReflectorState;
}
