namespace AgentOperator.ControlRuntime;

/// <summary>An object as it came, or why it could not be read.</summary>
/// <param name="Key">Its key; null when not even its metadata can be read.</param>
/// <param name="ResourceVersion">Its resource version; empty when it has none.</param>
/// <param name="Value">The object; null when it could not be read.</param>
/// <param name="Error">Why it could not be read.</param>
internal readonly record struct ReadObject<T>(ObjectKey? Key, string ResourceVersion, T? Value, Exception? Error);
