using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json;
using k8s;
using k8s.Autorest;

namespace AgentOperator.ControlRuntime;

/// <summary>
/// Lists and watches one resource through the client's custom-object calls, which serve every group (the core group is the empty string) and
/// leave objects as JSON. Typed watches are not used: they lose bookmarks of types with required members.
/// </summary>
internal sealed class ListWatch(IKubernetes client, ResourceDefinition definition, ListScope scope) : IListWatch
{
    private const string AnyVersion = "0";

    private readonly string? _namespace = definition.Namespaced && !string.IsNullOrEmpty(scope.Namespace) ? scope.Namespace : null;

    /// <summary>A watch could not continue from a list of the server's watch cache. The next list is a consistent read.</summary>
    private bool _serverCacheIsOld;

    public async Task<ListPage> ListAsync(int? limit, string? continueToken, CancellationToken cancellationToken)
    {
        var version = continueToken is null ? InitialVersion() : null;
        limit = version is null ? limit : null;
        var headers = AcceptOf("PartialObjectMetadataList");
        try
        {
            using var answer = _namespace is null
                ? await client.CustomObjects.ListClusterCustomObjectWithHttpMessagesAsync<ListPage>(
                    definition.Group, definition.Version, definition.Plural, continueParameter: continueToken, fieldSelector: scope.FieldSelector,
                    labelSelector: scope.LabelSelector, limit: limit, resourceVersion: version, customHeaders: headers,
                    cancellationToken: cancellationToken)
                : await client.CustomObjects.ListNamespacedCustomObjectWithHttpMessagesAsync<ListPage>(
                    definition.Group, definition.Version, _namespace, definition.Plural, continueParameter: continueToken,
                    fieldSelector: scope.FieldSelector, labelSelector: scope.LabelSelector, limit: limit, resourceVersion: version,
                    customHeaders: headers, cancellationToken: cancellationToken);
            return answer.Body;
        }
        catch (HttpOperationException exception) when (exception.IsGone())
        {
            throw new ResourceExpiredException(exception.StatusMessage(), exception);
        }
    }

    public async IAsyncEnumerable<WatchEvent> WatchAsync(
        string? resourceVersion, TimeSpan timeout, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Exception? error = null;
        await using var events = Open(resourceVersion, timeout, OnError, stop.Token).GetAsyncEnumerator(stop.Token);
        while (await NextAsync())
        {
            var (type, value) = events.Current;
            yield return new WatchEvent(type, value);
        }

        // The client reports events that it cannot read, including 410, only here, and then keeps reading.
        void OnError(Exception exception)
        {
            error ??= exception;
            stop.Cancel();
        }

        async ValueTask<bool> NextAsync()
        {
            try
            {
                if (await events.MoveNextAsync() && error is null)
                {
                    return true;
                }
            }
            catch (HttpRequestException exception) when (exception.InnerException is EndOfStreamException)
            {
                // The server closed a watch on which nothing had happened.
            }
            catch (OperationCanceledException) when (error is not null && !cancellationToken.IsCancellationRequested)
            {
                // Stopped by OnError.
            }
            catch (HttpOperationException exception) when (exception.IsGone())
            {
                _serverCacheIsOld = true;
                throw new ResourceExpiredException(exception.StatusMessage(), exception);
            }

            if (error is null)
            {
                return false;
            }

            var translated = Translate(error);
            _serverCacheIsOld = translated is ResourceExpiredException;
            throw translated;
        }
    }

    private static Exception Translate(Exception error) => error switch
    {
        KubernetesException { Status: { } status } when status.Code == (int)HttpStatusCode.Gone || status.Reason is "Expired" or "Gone" =>
            new ResourceExpiredException(status.Message, error),
        KubernetesException { Status: { } status } =>
            new WatchBrokenException($"The watch ended with {status.Code} {status.Reason}: {status.Message}", error),
        _ => new WatchBrokenException("The watch sent something that is no watch event.", error),
    };

    /// <summary>The version that the current objects must have at least; null for a consistent read.</summary>
    private string? InitialVersion()
    {
        var version = scope.FromServerCache && !_serverCacheIsOld ? AnyVersion : null;
        _serverCacheIsOld = false;
        return version;
    }

    /// <summary>Asks for metadata only, if configured. A server that does not support it sends whole objects.</summary>
    private IReadOnlyDictionary<string, IReadOnlyList<string>>? AcceptOf(string kind) =>
        !scope.MetadataOnly ? null : new Dictionary<string, IReadOnlyList<string>>
    {
        ["Accept"] = [$"application/json;as={kind};g=meta.k8s.io;v=v1, application/json"],
    };

    private IAsyncEnumerable<(WatchEventType Type, JsonElement Object)> Open(
        string? resourceVersion, TimeSpan timeout, Action<Exception> onError, CancellationToken cancellationToken)
    {
        var match = resourceVersion is null ? InitialEventsHandler.NotOlderThan : null;
        resourceVersion ??= InitialVersion();
        var timeoutSeconds = (int)Math.Ceiling(timeout.TotalSeconds);
        var headers = AcceptOf("PartialObjectMetadata");
        var opened = _namespace is null
            ? client.CustomObjects.ListClusterCustomObjectWithHttpMessagesAsync<ListPage>(
                definition.Group, definition.Version, definition.Plural, allowWatchBookmarks: true, fieldSelector: scope.FieldSelector,
                labelSelector: scope.LabelSelector, resourceVersion: resourceVersion, resourceVersionMatch: match, timeoutSeconds: timeoutSeconds,
                watch: true, customHeaders: headers, cancellationToken: cancellationToken)
            : client.CustomObjects.ListNamespacedCustomObjectWithHttpMessagesAsync<ListPage>(
                definition.Group, definition.Version, _namespace, definition.Plural, allowWatchBookmarks: true, fieldSelector: scope.FieldSelector,
                labelSelector: scope.LabelSelector, resourceVersion: resourceVersion, resourceVersionMatch: match, timeoutSeconds: timeoutSeconds,
                watch: true, customHeaders: headers, cancellationToken: cancellationToken);
#pragma warning disable CS0618 // Obsolete, but the calls that take its place cannot send headers.
        return opened.WatchAsync<JsonElement, ListPage>(onError, cancellationToken);
#pragma warning restore CS0618
    }
}
