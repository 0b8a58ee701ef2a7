namespace AgentOperator.ControlRuntime;

/// <summary>An object that an owner wants to create is there already and belongs to somebody else.</summary>
/// <param name="key">The object.</param>
/// <param name="inner">The server's refusal.</param>
public sealed class NameTakenException(ObjectKey key, Exception? inner = null)
    : Exception($"{key} exists or just existed, and is not controlled by this owner.", inner);
