namespace AgentOperator.ControlRuntime;

/// <summary>One change of a store: added when there is no previous object, deleted when there is no current one.</summary>
internal readonly record struct StoreChange<T>(T? Previous, T? Current);
