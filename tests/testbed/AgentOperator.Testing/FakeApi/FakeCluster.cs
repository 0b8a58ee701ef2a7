using System.Globalization;
using System.Text.Json.Nodes;

namespace AgentOperator.Testing.FakeApi;

/// <summary>
/// What the fake server stores: objects, their history for watches, and a resource version that only grows. It outlives the server's restarts.
/// </summary>
internal sealed class FakeCluster
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(string Resource, string Namespace, string Name), JsonObject> _objects = [];
    private readonly List<FakeChange> _history = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _version = 100;
    private long _compacted;

    public long Version
    {
        get
        {
            lock (_lock)
            {
                return _version;
            }
        }
    }

    /// <summary>Forgets the history: a watch from before gets 410.</summary>
    public void Compact()
    {
        lock (_lock)
        {
            _compacted = _version;
            _history.Clear();
        }
    }

    public bool IsCompacted(long version)
    {
        lock (_lock)
        {
            return version < _compacted;
        }
    }

    public JsonObject Put(string resource, string namespaceName, string name, JsonObject content)
    {
        lock (_lock)
        {
            var id = (resource, namespaceName, name);
            var previous = _objects.GetValueOrDefault(id);
            var stored = (JsonObject)content.DeepClone();
            var metadata = stored["metadata"] as JsonObject ?? [];
            stored["metadata"] = metadata;
            metadata["name"] = name;
            if (namespaceName.Length > 0)
            {
                metadata["namespace"] = namespaceName;
            }

            metadata["uid"] = (string?)previous?["metadata"]?["uid"] ?? (string?)metadata["uid"] ?? Guid.NewGuid().ToString();
            metadata["resourceVersion"] = (++_version).ToString(CultureInfo.InvariantCulture);
            _objects[id] = stored;
            Remember(new FakeChange(_version, resource, namespaceName, previous is null ? "ADDED" : "MODIFIED", stored));
            return (JsonObject)stored.DeepClone();
        }
    }

    public bool Delete(string resource, string namespaceName, string name)
    {
        lock (_lock)
        {
            if (!_objects.Remove((resource, namespaceName, name), out var previous))
            {
                return false;
            }

            var last = (JsonObject)previous.DeepClone();
            last["metadata"]!["resourceVersion"] = (++_version).ToString(CultureInfo.InvariantCulture);
            Remember(new FakeChange(_version, resource, namespaceName, "DELETED", last));
            return true;
        }
    }

    /// <summary>Sends something to every watch of a resource that is no change of an object, such as a bookmark or an error.</summary>
    public void Announce(string resource, string type, JsonObject content)
    {
        lock (_lock)
        {
            Remember(new FakeChange(++_version, resource, null, type, content));
        }
    }

    public void Bookmark(string resource)
    {
        lock (_lock)
        {
            _version++;
            var metadata = new JsonObject { ["resourceVersion"] = _version.ToString(CultureInfo.InvariantCulture), ["creationTimestamp"] = null };
            Remember(
                new FakeChange(
                    _version, resource, null, "BOOKMARK", new JsonObject { ["kind"] = "Any", ["apiVersion"] = "v1", ["metadata"] = metadata }));
        }
    }

    /// <summary>The bookmark after the current objects of a stream.</summary>
    public static JsonObject EndOfCurrent(long version) => new()
    {
        ["kind"] = "Any",
        ["apiVersion"] = "v1",
        ["metadata"] = new JsonObject
        {
            ["resourceVersion"] = version.ToString(CultureInfo.InvariantCulture),
            ["creationTimestamp"] = null,
            ["annotations"] = new JsonObject { ["k8s.io/initial-events-end"] = "true" },
        },
    };

    public JsonObject? Get(string resource, string namespaceName, string name)
    {
        lock (_lock)
        {
            return (JsonObject?)_objects.GetValueOrDefault((resource, namespaceName, name))?.DeepClone();
        }
    }

    /// <summary>The resources of which there are objects.</summary>
    public IReadOnlyList<string> Resources()
    {
        lock (_lock)
        {
            return [.. _objects.Keys.Select(key => key.Resource).Distinct()];
        }
    }

    public IReadOnlyList<JsonObject> List(string resource, string namespaceName)
    {
        lock (_lock)
        {
            return [.. _objects
                .Where(item => item.Key.Resource == resource && (namespaceName.Length == 0 || item.Key.Namespace == namespaceName))
                .OrderBy(item => item.Key)
                .Select(item => (JsonObject)item.Value.DeepClone())];
        }
    }

    /// <summary>The changes after a version, and a task that ends with the next change.</summary>
    public (IReadOnlyList<FakeChange> Changes, Task Next) ChangesAfter(long version, string resource, string namespaceName)
    {
        lock (_lock)
        {
            var changes = _history.Where(change =>
                change.Version > version && change.Resource == resource
                && (namespaceName.Length == 0 || change.Namespace is null || change.Namespace == namespaceName));
            return ([.. changes], _changed.Task);
        }
    }

    private void Remember(FakeChange change)
    {
        _history.Add(change);
        var changed = _changed;
        _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        changed.SetResult();
    }
}
