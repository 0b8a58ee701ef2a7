using AgentOperator.ControlRuntime;

namespace AgentOperator.Chaos.Cluster;

/// <summary>One change of an object, as a watch delivers it.</summary>
/// <param name="Key">The object.</param>
/// <param name="Object">Its new state; null when it is gone.</param>
internal sealed record ObjectChange<T>(ObjectKey Key, T? Object)
    where T : class;
