namespace AgentOperator.ControlRuntime;

/// <summary>How a reflector reads the current objects when it cannot continue from a resource version.</summary>
internal enum InitialRead
{
    /// <summary>As the first events of the watch that follows, one by one, so that the JSON of a whole list is never in memory.</summary>
    Stream,

    /// <summary>As a list this time, because a stream failed.</summary>
    ListOnce,

    /// <summary>As a list from now on: the server cannot stream, or streams are turned off.</summary>
    List,
}
