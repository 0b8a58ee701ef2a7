using System.Text.Json;
using k8s;
using k8s.Models;

namespace AgentOperator.ControlRuntime;

/// <summary>
/// The current objects of a resource, from the events with which a watch begins when it is asked for them (KEP-3157). Changes may come between
/// them. A bookmark with an annotation marks the end.
/// </summary>
internal sealed class InitialEvents<T>(ObjectReader<T> reader)
    where T : IKubernetesObject<V1ObjectMeta>
{
    private const string EndAnnotation = "k8s.io/initial-events-end";

    private readonly Dictionary<ObjectKey, ReadObject<T>> _objects = [];
    private readonly List<ReadObject<T>> _nameless = [];

    /// <summary>The resource version of the bookmark.</summary>
    public string Version { get; private set; } = "";

    /// <summary>The objects, in no order.</summary>
    public IReadOnlyList<ReadObject<T>> Objects => [.. _objects.Values, .. _nameless];

    /// <summary>Reads up to the bookmark.</summary>
    /// <exception cref="WatchBrokenException">The watch ended before it, or it has no resource version.</exception>
    public async Task ReadAsync(IAsyncEnumerator<WatchEvent> events)
    {
        while (Version.Length == 0)
        {
            if (!await events.MoveNextAsync())
            {
                throw new WatchBrokenException("The server closed the watch before it had sent all current objects.");
            }

            Add(events.Current);
        }
    }

    private void Add(WatchEvent watchEvent)
    {
        if (watchEvent.Type is WatchEventType.Bookmark)
        {
            if (IsEnd(watchEvent.Object))
            {
                Version = ObjectReader<T>.ResourceVersion(watchEvent.Object) is { Length: > 0 } version
                    ? version
                    : throw new WatchBrokenException("The end of the current objects has no resource version.");
            }

            return;
        }

        var read = reader.Read(watchEvent.Object);
        if (read.Key is not { } key)
        {
            _nameless.Add(read);
        }
        else if (watchEvent.Type is WatchEventType.Deleted)
        {
            _objects.Remove(key);
        }
        else
        {
            _objects[key] = read;
        }
    }

    private static bool IsEnd(JsonElement bookmark) =>
        bookmark.TryGetProperty("metadata", out var metadata)
        && metadata.TryGetProperty("annotations", out var annotations)
        && annotations.ValueKind == JsonValueKind.Object
        && annotations.TryGetProperty(EndAnnotation, out var end)
        && end.ValueKind == JsonValueKind.String
        && end.ValueEquals("true");
}
