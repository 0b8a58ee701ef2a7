using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;

namespace AgentOperator.Testing.FakeApi;

/// <summary>
/// An API server in memory: unique names, optimistic locking, preconditions, merge patches, applied statuses, lists by pages and labels, and
/// groups. How requests reach it is the caller's choice; it opens no watches.
/// </summary>
internal sealed class FakeKubernetes
{
    private readonly Lock _lock = new();
    private readonly ConcurrentDictionary<string, FakeRules> _rules = new();

    public FakeCluster Cluster { get; } = new();

    public FakeRules RulesOf(string resource) => _rules.GetOrAdd(resource, _ => new FakeRules());

    public FakeAnswer Answer(FakeRequest request)
    {
        lock (_lock)
        {
            return request.Target is { } path ? Answer(request, path) : Group(request.Path.Trim('/'));
        }
    }

    /// <summary>The object as the client wants it. One with a field <c>whole</c> is sent unchanged.</summary>
    public static JsonObject Shown(FakeRequest request, JsonObject content) =>
        !request.IsPartial || content["whole"] is not null || content["metadata"] is not { } metadata
            ? content
            : new JsonObject { ["apiVersion"] = "meta.k8s.io/v1", ["kind"] = "PartialObjectMetadata", ["metadata"] = metadata.DeepClone() };

    /// <summary>An API group's versions, of which there is anything.</summary>
    private FakeAnswer Group(string path)
    {
        var versions = Cluster.Resources().Where(resource => resource.StartsWith(path + '/', StringComparison.Ordinal))
            .Select(resource => resource.Split('/')).DistinctBy(parts => parts[2])
            .Select(parts => (JsonNode)new JsonObject { ["groupVersion"] = $"{parts[1]}/{parts[2]}", ["version"] = parts[2] }).ToArray();
        return versions.Length == 0 ? NotFound() : FakeAnswer.Ok(new JsonObject
        {
            ["kind"] = "APIGroup", ["apiVersion"] = "v1", ["name"] = path.Split('/')[1], ["versions"] = new JsonArray(versions),
        });
    }

    private FakeAnswer Answer(FakeRequest request, FakePath path)
    {
        if (path.Name.Length == 0)
        {
            return request.Method switch
            {
                "GET" => List(request, path),
                "POST" => Create(path, Parse(request)),
                _ => FakeAnswer.Failure(405, "MethodNotAllowed"),
            };
        }

        return Cluster.Get(path.Resource, path.Namespace, path.Name) is not { } existing ? NotFound() : request.Method switch
        {
            "GET" => FakeAnswer.Ok(existing),
            "PUT" => Unless(IsOutdated(Parse(request), existing), () => Accepted(path, Parse(request))),
            "PATCH" => Unless(IsOutdated(Parse(request), existing), () => Patch(request, path, existing)),
            "DELETE" => Unless(
                request.Body.Length > 0 && Parse(request)["preconditions"] is JsonObject wanted && !Matches(wanted, existing),
                () => Delete(request, path, existing)),
            _ => FakeAnswer.Failure(405, "MethodNotAllowed"),
        };
    }

    private FakeAnswer Create(FakePath path, JsonObject body)
    {
        path = path with { Name = (string)body["metadata"]!["name"]! };
        if (Cluster.Get(path.Resource, path.Namespace, path.Name) is not null)
        {
            return FakeAnswer.Failure(409, "AlreadyExists");
        }

        return Accepted(path, RulesOf(path.Resource).Creating(body), 201);
    }

    private FakeAnswer Patch(FakeRequest request, FakePath path, JsonObject existing)
    {
        var body = Parse(request);
        if (!path.IsStatus)
        {
            Merge(existing, body);
            return Stored(path, existing);
        }

        // A status has one field manager here, so what is applied takes the place of what was.
        existing["status"] = body["status"]?.DeepClone();
        return Accepted(path, existing);
    }

    private FakeAnswer Delete(FakeRequest request, FakePath path, JsonObject existing)
    {
        var deleted = (JsonObject)existing.DeepClone();
        if (request.Body.Length > 0 && Parse(request)["gracePeriodSeconds"] is { } grace)
        {
            deleted["metadata"]!["deletionGracePeriodSeconds"] = grace.DeepClone();
        }

        if (RulesOf(path.Resource).Deleting(deleted) is { } left)
        {
            return Stored(path, left);
        }

        Cluster.Delete(path.Resource, path.Namespace, path.Name);
        return FakeAnswer.Ok(existing);
    }

    private FakeAnswer List(FakeRequest request, FakePath path)
    {
        var all = Cluster.List(path.Resource, path.Namespace).Where(item => IsSelected(request, item)).ToList();
        var start = 0;
        var version = Cluster.Version;
        if (request.Query.TryGetValue("continue", out var token))
        {
            var parts = token.Split('-');
            (version, start) = (long.Parse(parts[0], CultureInfo.InvariantCulture), int.Parse(parts[1], CultureInfo.InvariantCulture));
            if (Cluster.IsCompacted(version))
            {
                return FakeAnswer.Failure(410, "Expired");
            }
        }

        var limit = request.Query.TryGetValue("limit", out var text) ? int.Parse(text, CultureInfo.InvariantCulture) : int.MaxValue;
        var metadata = new JsonObject { ["resourceVersion"] = version.ToString(CultureInfo.InvariantCulture) };
        if (limit < all.Count - start)
        {
            metadata["continue"] = $"{version}-{start + limit}";
        }

        var items = new JsonArray([.. all.Skip(start).Take(limit).Select(item => Shown(request, item))]);
        return FakeAnswer.Ok(new JsonObject { ["kind"] = "List", ["apiVersion"] = "v1", ["metadata"] = metadata, ["items"] = items });
    }

    private FakeAnswer Accepted(FakePath path, JsonObject content, int code = 200) =>
        RulesOf(path.Resource).Refusal(content) ?? Stored(path, content) with { Code = code };

    private FakeAnswer Stored(FakePath path, JsonObject content) =>
        FakeAnswer.Ok(Cluster.Put(path.Resource, path.Namespace, path.Name, content));

    private static bool IsSelected(FakeRequest request, JsonObject item) =>
        request.Query.GetValueOrDefault("labelSelector", "").Split(',', StringSplitOptions.RemoveEmptyEntries).All(term =>
            term.StartsWith('!') ? Label(item, term[1..]) is null
            : term.Split('=') is [var label, var value] ? Label(item, label) == value
            : Label(item, term) is not null);

    private static string? Label(JsonObject item, string name) => (string?)item["metadata"]?["labels"]?[name];

    /// <summary>Whether a write names a version or a UID that the object does not have any more.</summary>
    private static bool IsOutdated(JsonObject body, JsonObject existing) => body["metadata"] is JsonObject wanted && !Matches(wanted, existing);

    private static bool Matches(JsonObject wanted, JsonObject existing) => new[] { "uid", "resourceVersion" }
        .All(name => wanted[name] is null || (string?)wanted[name] == (string?)existing["metadata"]![name]);

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

    private static FakeAnswer Unless(bool conflict, Func<FakeAnswer> answer) => conflict ? FakeAnswer.Failure(409, "Conflict") : answer();

    private static FakeAnswer NotFound() => FakeAnswer.Failure(404, "NotFound");

    private static JsonObject Parse(FakeRequest request) => JsonNode.Parse(request.Body)!.AsObject();
}
