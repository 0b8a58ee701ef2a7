using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using AgentOperator.ControlRuntime;
using AgentOperator.Tests.Runs;
using k8s;
using k8s.Autorest;
using k8s.Models;

namespace AgentOperator.Tests.Fakes;

/// <summary>
/// The objects of one kind on a server in memory, and the client to them. Objects are never changed in place: a write puts a new one.
/// </summary>
internal sealed class FakeObjectClient<T>(CrashPoint? crash = null, JsonSerializerOptions? options = null) : IObjectClient<T>
    where T : class, IKubernetesObject<V1ObjectMeta>
{
    private readonly CrashPoint _crash = crash ?? new CrashPoint(write: null, after: false);
    private readonly Dictionary<ObjectKey, T> _objects = [];
    private long _version;
    private int _uids;

    /// <summary>What the server makes of a new object.</summary>
    public Func<T, T> Creating { get; set; } = value => value;

    /// <summary>What is left of an object that is deleted; null when it goes at once.</summary>
    public Func<T, T?> Deleting { get; set; } = _ => null;

    /// <summary>How the server refuses an object that is created or whose status is applied, as it would be then; null when it takes it.</summary>
    public Func<T, HttpStatusCode?> Refusal { get; set; } = _ => null;

    /// <summary>What it says when it refuses.</summary>
    public string RefusalMessage { get; set; } = "refused";

    /// <summary>How many writes it refused.</summary>
    public int Refused { get; private set; }

    /// <summary>Every object that was created, by name.</summary>
    public List<string> Created { get; } = [];

    /// <summary>The object after every status that was applied, in order.</summary>
    public List<T> Applied { get; } = [];

    /// <summary>How often an object was read.</summary>
    public int Reads { get; private set; }

    public IReadOnlyCollection<T> All => _objects.Values;

    public T this[string name] => _objects[Key(name)];

    public bool Has(string name) => _objects.ContainsKey(Key(name));

    public void Change(string name, Func<T, T> change) => Put(change(_objects[Key(name)]));

    public void Remove(string name) => _objects.Remove(Key(name));

    public T Put(T value)
    {
        value.Metadata = value.Metadata with { ResourceVersion = (++_version).ToString(CultureInfo.InvariantCulture) };
        return _objects[ObjectKey.Of(value)] = value;
    }

    public Task<T?> GetAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        Reads++;
        return Task.FromResult(_objects.GetValueOrDefault(key));
    }

    public Task<T> CreateOnceAsync(T value, string ownerUid, CancellationToken cancellationToken) =>
        _objects.GetValueOrDefault(ObjectKey.Of(value)) is not { } existing ? CreateAsync(value)
        : OwnerReferences.IsControlledBy(existing, ownerUid) ? Task.FromResult(existing)
        : throw new NameTakenException(ObjectKey.Of(value));

    public Task<string> ApplyStatusAsync(ObjectKey key, string fieldManager, object statusDocument, CancellationToken cancellationToken) =>
        WriteAsync(() =>
        {
            var document = JsonNode.Parse(KubernetesJson.Serialize(statusDocument, options))!;
            var current = Find(key, document["metadata"]) ?? throw Error(HttpStatusCode.NotFound);
            var changed = JsonNode.Parse(KubernetesJson.Serialize(current, options))!;
            changed["status"] = document["status"]!.DeepClone();
            var value = Checked(KubernetesJson.Deserialize<T>(changed.ToJsonString(), options));
            Applied.Add(value);
            return Put(value).Metadata.ResourceVersion;
        });

    public Task<string> ApplyAsync(ObjectKey key, string fieldManager, object document, CancellationToken cancellationToken) =>
        throw new NotSupportedException("nothing that is tested with this fake applies more than a status");

    public Task<bool> PatchAsync(ObjectKey key, object patch, CancellationToken cancellationToken) => WriteAsync(() =>
    {
        var document = JsonNode.Parse(KubernetesJson.Serialize(patch, options))!.AsObject();
        if (_objects.GetValueOrDefault(key) is not { } current || !IsMeant(document["metadata"], current))
        {
            return false;
        }

        var changed = JsonNode.Parse(KubernetesJson.Serialize(current, options))!.AsObject();
        Merge(changed, document);
        Put(KubernetesJson.Deserialize<T>(changed.ToJsonString(), options));
        return true;
    });

    public Task DeleteAsync(ObjectKey key, V1Preconditions preconditions, CancellationToken cancellationToken) => WriteAsync(() =>
    {
        if (_objects.GetValueOrDefault(key) is { } value && value.Metadata.Uid == preconditions.Uid)
        {
            _objects.Remove(key);
            if (Deleting(value) is { } left)
            {
                Put(left);
            }
        }

        return true;
    });

    private Task<T> CreateAsync(T value) => WriteAsync(() =>
    {
        value.Metadata = value.Metadata with { Uid = string.Create(CultureInfo.InvariantCulture, $"uid-{++_uids}") };
        var created = Put(Checked(Creating(value)));
        Created.Add(created.Metadata.Name);
        return created;
    });

    private Task<TResult> WriteAsync<TResult>(Func<TResult> write) => _crash.WriteAsync(() => Task.FromResult(write()));

    private T Checked(T value)
    {
        if (Refusal(value) is not { } code)
        {
            return value;
        }

        Refused++;
        throw Error(code);
    }

    private T? Find(ObjectKey key, JsonNode? wanted)
    {
        var current = _objects.GetValueOrDefault(key);
        return current is null || IsMeant(wanted, current) ? current : throw Error(HttpStatusCode.Conflict);
    }

    private static bool IsMeant(JsonNode? wanted, T current) =>
        Matches(wanted?["uid"], current.Metadata.Uid) && Matches(wanted?["resourceVersion"], current.Metadata.ResourceVersion);

    private static void Merge(JsonObject target, JsonObject patch)
    {
        foreach (var (name, value) in patch)
        {
            if (value is JsonObject inner && target[name] is JsonObject existing)
            {
                Merge(existing, inner);
            }
            else if (value is null)
            {
                target.Remove(name);
            }
            else
            {
                target[name] = value.DeepClone();
            }
        }
    }

    private static bool Matches(JsonNode? wanted, string value) => wanted is null || (string?)wanted == value;

    private static ObjectKey Key(string name) => new(AgentRunBuilder.Namespace, name);

    private HttpOperationException Error(HttpStatusCode code) => new(RefusalMessage)
    {
        Response = new HttpResponseMessageWrapper(
            new HttpResponseMessage(code),
            $$"""{"kind":"Status","apiVersion":"v1","status":"Failure","reason":"{{code}}","message":"{{RefusalMessage}}","code":{{(int)code}}}"""),
    };
}
