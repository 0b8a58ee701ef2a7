namespace AgentOperator.ControlRuntime;

/// <summary>The two calls that a reflector needs.</summary>
internal interface IListWatch
{
    /// <summary>Lists one page, consistently read.</summary>
    /// <exception cref="ResourceExpiredException">The continue token is too old.</exception>
    Task<ListPage> ListAsync(int? limit, string? continueToken, CancellationToken cancellationToken);

    /// <summary>Watches from a resource version on. It ends normally when the server closes the watch.</summary>
    /// <exception cref="ResourceExpiredException">The resource version is too old.</exception>
    /// <exception cref="WatchBrokenException">
    /// The stream holds an error or something that is no watch event: what follows cannot be trusted.
    /// </exception>
    IAsyncEnumerable<WatchEvent> WatchAsync(string resourceVersion, TimeSpan timeout, CancellationToken cancellationToken);
}
