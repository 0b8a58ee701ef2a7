namespace AgentOperator.SimulatedNodes.Cluster;

/// <summary>Follows a collection for as long as it is asked to: one list, then watches, each from where the last ended.</summary>
internal static class WatchLoop
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    /// <summary>Tells of every object there is, as ADDED, and of every change after that.</summary>
    /// <param name="api">The API server.</param>
    /// <param name="path">The collection, such as <c>api/v1/namespaces/agents/pods</c>.</param>
    /// <param name="tell">Is told in order; must not take long.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task RunAsync(ApiServer api, string path, Action<Watched> tell, CancellationToken cancellationToken)
    {
        string? version = null;
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                version ??= await ListAsync(api, path, tell, cancellationToken);
                await foreach (var root in api.WatchAsync($"{path}?watch=true&allowWatchBookmarks=true&resourceVersion={version}", cancellationToken))
                {
                    var watched = new Watched(root.GetProperty("type").GetString()!, root.GetProperty("object"));
                    if (watched.Type == "ERROR")
                    {
                        // What it went on from is gone from the server's history.
                        version = null;
                        break;
                    }

                    version = watched.Object.GetProperty("metadata").GetProperty("resourceVersion").GetString();
                    if (watched.Type != "BOOKMARK")
                    {
                        tell(watched);
                    }
                }
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception) when (exception is HttpRequestException or IOException)
            {
                // The server does not answer, or has forgotten the version: begin again.
                version = null;
                await Task.Delay(Pause, TimeProvider.System, CancellationToken.None);
            }
        }
    }

    private static async Task<string> ListAsync(ApiServer api, string path, Action<Watched> tell, CancellationToken cancellationToken)
    {
        var list = await api.GetAsync(path, cancellationToken);
        foreach (var item in list.GetProperty("items").EnumerateArray())
        {
            tell(new Watched("ADDED", item));
        }

        return list.GetProperty("metadata").GetProperty("resourceVersion").GetString()!;
    }
}
