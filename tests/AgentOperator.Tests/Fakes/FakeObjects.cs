using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using AgentOperator.Api;
using AgentOperator.ControlRuntime;
using AgentOperator.Tests.Runs;
using k8s;
using k8s.Models;

namespace AgentOperator.Tests.Fakes;

/// <summary>The objects of one kind on the fake API server, as their type, and what a process did with them.</summary>
internal sealed class FakeObjects<T>(FakeConnection connection)
    where T : class, IKubernetesObject<V1ObjectMeta>
{
    private static readonly ResourceDefinition Definition = ResourceDefinition.Of<T>();
    private static readonly string Resource = (Definition.Group.Length == 0 ? "api/" : "apis/") + Definition;
    private static readonly JsonSerializerOptions? Options = Definition.Group == ApiConstants.Group ? ApiJson.Options : null;

    /// <summary>What the server makes of a new object.</summary>
    public Func<T, T> Creating
    {
        set => Rules.Creating = created => Write(value(Read(created)));
    }

    /// <summary>What is left of an object that a client deletes; null when it is removed at once.</summary>
    public Func<T, T?> Deleting
    {
        set => Rules.Deleting = deleted => value(Read(deleted)) is { } left ? Write(left) : null;
    }

    /// <summary>How the server refuses an object that would be created or replaced, or would have a new status; null when it accepts it.</summary>
    public Func<T, HttpStatusCode?> Refusal
    {
        set => Rules.Refusal = refused => value(Read(refused)) is { } code ? FakeAnswer.Failure((int)code, $"{code}", Rules.RefusalMessage) : null;
    }

    public string RefusalMessage
    {
        set => Rules.RefusalMessage = value;
    }

    /// <summary>How many writes the server refused.</summary>
    public int Refused => Exchanges.Count(exchange => exchange.Request.IsWrite && !exchange.Answer.IsSuccess);

    /// <summary>The name of every object that was created.</summary>
    public IReadOnlyList<string> Created => [.. Answers(request => request.Method == "POST").Select(created => created.Metadata.Name)];

    /// <summary>The object after every status that was applied, in order.</summary>
    public IReadOnlyList<T> Applied => [.. Answers(request => request.Target!.IsStatus)];

    /// <summary>How often one object was read.</summary>
    public int Reads => Exchanges.Count(exchange => !exchange.Request.IsWrite && exchange.Request.Target!.Name.Length > 0);

    public IReadOnlyList<T> All => [.. Cluster.List(Resource, AgentRunBuilder.Namespace).Select(Read)];

    public T this[string name] => Read(Cluster.Get(Resource, AgentRunBuilder.Namespace, name)!);

    private FakeCluster Cluster => connection.Server.Cluster;

    private FakeRules Rules => connection.Server.RulesOf(Resource);

    private IEnumerable<(FakeRequest Request, FakeAnswer Answer)> Exchanges =>
        connection.Exchanges.Where(exchange => exchange.Request.Target?.Resource == Resource);

    public bool Has(string name) => Cluster.Get(Resource, AgentRunBuilder.Namespace, name) is not null;

    public void Put(T value) => Cluster.Put(Resource, AgentRunBuilder.Namespace, value.Metadata.Name, Write(value));

    public void Change(string name, Func<T, T> change) => Put(change(this[name]));

    public void Remove(string name) => Cluster.Delete(Resource, AgentRunBuilder.Namespace, name);

    private IEnumerable<T> Answers(Func<FakeRequest, bool> matches) =>
        Exchanges.Where(exchange => exchange.Answer.IsSuccess && matches(exchange.Request)).Select(exchange => Read(exchange.Answer.Body));

    private static T Read(JsonObject json) => KubernetesJson.Deserialize<T>(json.ToJsonString(), Options);

    private static JsonObject Write(T value) => JsonNode.Parse(KubernetesJson.Serialize(value, Options))!.AsObject();
}
