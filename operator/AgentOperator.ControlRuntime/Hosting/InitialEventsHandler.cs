namespace AgentOperator.ControlRuntime;

/// <summary>
/// Adds <c>sendInitialEvents=true</c> to watches that say how fresh the current objects must be. The client's calls for custom objects have no such
/// parameter. A watch says so only when it wants these events, and a server refuses it without the parameter.
/// </summary>
internal sealed class InitialEventsHandler : DelegatingHandler
{
    /// <summary>The only <c>resourceVersionMatch</c> that a watch may have.</summary>
    public const string NotOlderThan = "NotOlderThan";

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.RequestUri is { } uri
            && uri.Query.Contains("watch=true", StringComparison.Ordinal)
            && uri.Query.Contains($"resourceVersionMatch={NotOlderThan}", StringComparison.Ordinal))
        {
            request.RequestUri = new UriBuilder(uri) { Query = $"{uri.Query}&sendInitialEvents=true" }.Uri;
        }

        return base.SendAsync(request, cancellationToken);
    }
}
