using System.Collections.Concurrent;
using System.Text.Json;
using AgentOperator.Testing;

namespace AgentOperator.Chaos.RealCluster.Machine;

/// <summary>The newest state of some objects, by name, as far as the API server tells.</summary>
internal sealed class ObjectWatch : IAsyncDisposable
{
    private static readonly TimeSpan ReconnectPause = TimeSpan.FromMilliseconds(500);
    private readonly ApiServer _api;
    private readonly string _path;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<string, JsonElement> _objects = new();
    private readonly Task _watching;

    /// <param name="api">The API server.</param>
    /// <param name="path">The objects' path, without a query.</param>
    public ObjectWatch(ApiServer api, string path)
    {
        (_api, _path) = (api, path);
        _watching = WatchAsync(_stop.Token);
    }

    /// <summary>The objects. One that was deleted while the API server was down may still be among them.</summary>
    public IReadOnlyList<JsonElement> Objects => [.. _objects.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => pair.Value)];

    /// <summary>An object; null while it was not seen.</summary>
    public JsonElement? Find(string name) => _objects.TryGetValue(name, out var found) ? found : null;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _watching;
        _stop.Dispose();
    }

    private async Task WatchAsync(CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            try
            {
                // Without a version a watch begins with all that is there.
                await foreach (var change in _api.WatchAsync($"{_path}?watch=true", ct))
                {
                    Note(change);
                }
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception) when (exception is HttpRequestException or IOException or JsonException)
            {
                // The API server is one of those that are killed; a line of its may be cut short.
            }

            await Task.Delay(ReconnectPause, TimeProvider.System, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void Note(JsonElement change)
    {
        var seen = change.GetProperty("object");
        if (!seen.TryGetProperty("metadata", out var metadata) || !metadata.TryGetProperty("name", out var name))
        {
            return;
        }

        if (change.GetProperty("type").GetString() == "DELETED")
        {
            _objects.TryRemove(name.GetString()!, out _);
        }
        else
        {
            _objects[name.GetString()!] = seen.Clone();
        }
    }
}
