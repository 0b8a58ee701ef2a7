using k8s;

namespace AgentOperator.ControlRuntime;

/// <summary>Takes what a reflector reads.</summary>
internal interface IReflectorSink<T>
{
    /// <summary>A complete list: what is not in it is gone.</summary>
    void Replace(IReadOnlyList<ReadObject<T>> objects);

    /// <summary>One added, modified or deleted object.</summary>
    void Apply(WatchEventType type, ReadObject<T> changed);
}
