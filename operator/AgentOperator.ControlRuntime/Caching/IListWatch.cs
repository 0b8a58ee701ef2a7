namespace AgentOperator.ControlRuntime;

/// <summary>The two calls that a reflector needs.</summary>
internal interface IListWatch
{
    /// <summary>Lists one page, consistently read.</summary>
    /// <exception cref="ResourceExpiredException">The continue token is too old.</exception>
    Task<ListPage> ListAsync(int? limit, string? continueToken, CancellationToken cancellationToken);

    /// <summary>Watches from a resource version on. It ends normally when the server closes the watch.</summary>
    /// <param name="resourceVersion">
    /// The version. Null asks for the current objects as the first events, and for a bookmark that marks their end.
    /// </param>
    /// <param name="timeout">How long the server is asked to keep the watch open.</param>
    /// <param name="cancellationToken">Ends the watch.</param>
    /// <exception cref="ResourceExpiredException">The resource version is too old.</exception>
    /// <exception cref="WatchBrokenException">
    /// The stream holds an error or something that is no watch event: what follows cannot be trusted.
    /// </exception>
    IAsyncEnumerable<WatchEvent> WatchAsync(string? resourceVersion, TimeSpan timeout, CancellationToken cancellationToken);
}
