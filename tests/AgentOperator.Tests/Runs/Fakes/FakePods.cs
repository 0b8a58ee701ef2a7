using System.Globalization;
using System.Net;
using AgentOperator.ControlRuntime;
using AgentOperator.Pods;
using k8s.Autorest;
using k8s.Models;

namespace AgentOperator.Tests.Runs;

/// <summary>The pods on the server.</summary>
internal sealed class FakePods(RunWorld world) : IPodClient
{
    private readonly Dictionary<ObjectKey, V1Pod> _pods = [];
    private int _uids;

    /// <summary>When set, the server refuses new pods with this sentence.</summary>
    public string? Refusal { get; set; }

    /// <summary>The code of that refusal.</summary>
    public HttpStatusCode RefusalCode { get; set; } = HttpStatusCode.Forbidden;

    /// <summary>Every pod that was ever created, by name.</summary>
    public List<string> Created { get; } = [];

    /// <summary>Most pods of which the container could run at the same time.</summary>
    public int MostAlive { get; private set; }

    public IReadOnlyCollection<V1Pod> All => _pods.Values;

    public V1Pod this[string name] => _pods[Key(name)];

    public bool Has(string name) => _pods.ContainsKey(Key(name));

    public void Change(string name, Func<V1Pod, V1Pod> change) => _pods[Key(name)] = change(_pods[Key(name)]);

    public void Remove(string name) => _pods.Remove(Key(name));

    public void Put(V1Pod pod) => _pods[ObjectKey.Of(pod)] = pod;

    public Task<V1Pod?> GetAsync(ObjectKey key, CancellationToken cancellationToken) => Task.FromResult(_pods.GetValueOrDefault(key));

    public Task<V1Pod> CreateAsync(V1Pod pod, CancellationToken cancellationToken) => world.Crash.WriteAsync(() =>
    {
        var key = ObjectKey.Of(pod);
        if (Refusal is { } refusal)
        {
            throw Error(RefusalCode, RefusalCode.ToString(), refusal);
        }

        if (_pods.ContainsKey(key))
        {
            throw Error(HttpStatusCode.Conflict, "AlreadyExists", $"pods \"{key.Name}\" already exists");
        }

        var created = pod with
        {
            Metadata = pod.Metadata with { Uid = string.Create(CultureInfo.InvariantCulture, $"uid-{++_uids}"), CreationTimestamp = world.Time.GetUtcNow().UtcDateTime },
            Status = new V1PodStatus { Phase = "Pending" },
        };
        _pods[key] = created;
        Created.Add(key.Name);
        MostAlive = Math.Max(MostAlive, _pods.Values.Count(known => PodFacts.IsAlive(known, world.Time.GetUtcNow())));
        return Task.FromResult(created);
    });

    /// <summary>A pod that runs nothing goes at once; another gets its grace, and a test ends it.</summary>
    public Task DeleteAsync(ObjectKey key, string uid, CancellationToken cancellationToken) => world.Crash.WriteAsync(() =>
    {
        if (_pods.TryGetValue(key, out var pod) && pod.Metadata.Uid == uid)
        {
            if (PodFacts.RunningSince(pod) is null)
            {
                _pods.Remove(key);
            }
            else
            {
                _pods[key] = PodState.Deleting(pod, world.Time.GetUtcNow().AddSeconds(30));
            }
        }

        return Task.FromResult(true);
    });

    private static ObjectKey Key(string name) => new(AgentRunBuilder.Namespace, name);

    private static HttpOperationException Error(HttpStatusCode code, string reason, string message) => new(message)
    {
        Response = new HttpResponseMessageWrapper(
            new HttpResponseMessage(code),
            $$"""{"kind":"Status","apiVersion":"v1","status":"Failure","reason":"{{reason}}","message":"{{message.Replace("\"", "'", StringComparison.Ordinal)}}","code":{{(int)code}}}"""),
    };
}
