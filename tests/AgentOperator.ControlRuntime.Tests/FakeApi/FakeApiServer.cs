using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using k8s;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AgentOperator.ControlRuntime.Tests.FakeApi;

/// <summary>
/// A small API server on loopback: CRUD with optimistic locking, paged lists, watches, bookmarks, 410, and every way to fail that a test asks
/// for.
/// </summary>
internal sealed class FakeApiServer : IAsyncDisposable
{
    private readonly ConcurrentQueue<FakeRequest> _requests = new();
    private readonly ConcurrentBag<FakeFault> _faults = [];
    private readonly ConcurrentDictionary<HttpContext, TaskCompletionSource> _watches = new();
    private WebApplication? _application;

    public FakeCluster Cluster { get; } = new();

    public int Port { get; private set; }

    public IReadOnlyList<FakeRequest> Requests => [.. _requests];

    public int OpenWatches => _watches.Count;

    public static async Task<FakeApiServer> StartNewAsync()
    {
        var server = new FakeApiServer();
        await server.StartAsync();
        return server;
    }

    public async Task StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://127.0.0.1:{Port}");
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.Zero);
        _application = builder.Build();
        _application.Run(AnswerAsync);
        await _application.StartAsync(CancellationToken.None);
        Port = new Uri(_application.Urls.First()).Port;
    }

    /// <summary>Ends the server as a crash would: open connections break. The cluster's state stays.</summary>
    public async Task StopAsync()
    {
        AbortWatches();
        await _application!.StopAsync(CancellationToken.None);
        await _application.DisposeAsync();
        _application = null;
    }

    /// <summary>What the server makes of a watch that asks for the current objects.</summary>
    public FakeStreams Streams { get; set; }

    public IKubernetes CreateClient() =>
        new Kubernetes(new KubernetesClientConfiguration { Host = $"http://127.0.0.1:{Port}" }, new InitialEventsHandler());

    /// <summary>Answers matching requests with a status code and a Status object.</summary>
    public void Fail(Func<FakeRequest, bool> matches, int code, string reason, int times = 1, int? retryAfter = null) =>
        Fault(matches, context => WriteStatusAsync(context, code, reason, retryAfter), times);

    /// <summary>Answers matching requests in any way.</summary>
    public void Fault(Func<FakeRequest, bool> matches, Func<HttpContext, Task> answer, int times = 1) =>
        _faults.Add(new FakeFault(matches, answer, times));

    /// <summary>Takes matching requests and never answers them, not even with headers.</summary>
    public void Hang(Func<FakeRequest, bool> matches, int times = 1) =>
        Fault(matches, context => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted), times);

    /// <summary>Ends every open watch as the server does at its timeout.</summary>
    public void CloseWatches()
    {
        foreach (var watch in _watches.Values)
        {
            watch.TrySetResult();
        }
    }

    /// <summary>Breaks the connection of every open watch.</summary>
    public void AbortWatches()
    {
        // A request that ends by itself waits: its context must not be disposed under our hands.
        lock (_watches)
        {
            foreach (var watch in _watches.Keys)
            {
                watch.Abort();
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_application is not null)
        {
            await StopAsync();
        }
    }

    private static async Task<FakeRequest> ReadAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var query = context.Request.Query.ToDictionary(item => item.Key, item => item.Value.ToString());
        return new FakeRequest(
            context.Request.Method, context.Request.Path, query, context.Request.ContentType ?? "", context.Request.Headers.Accept.ToString(),
            await reader.ReadToEndAsync(context.RequestAborted));
    }

    private static Task WriteStatusAsync(HttpContext context, int code, string reason, int? retryAfter = null)
    {
        if (retryAfter is { } seconds)
        {
            context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        }

        return WriteAsync(context, code, Status(code, reason));
    }

    public static JsonObject Status(int code, string reason) => new()
    {
        ["kind"] = "Status",
        ["apiVersion"] = "v1",
        ["metadata"] = new JsonObject(),
        ["status"] = "Failure",
        ["message"] = $"fake: {reason}",
        ["reason"] = reason,
        ["code"] = code,
    };

    private static async Task WriteAsync(HttpContext context, int code, JsonObject body)
    {
        context.Response.StatusCode = code;
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(body.ToJsonString(), Encoding.UTF8, context.RequestAborted);
    }

    private static void Merge(JsonObject target, JsonObject patch)
    {
        foreach (var (name, value) in patch)
        {
            if (value is JsonObject inner && target[name] is JsonObject existing)
            {
                Merge(existing, inner);
            }
            else
            {
                target[name] = value?.DeepClone();
            }
        }
    }

    private async Task AnswerAsync(HttpContext context)
    {
        try
        {
            var request = await ReadAsync(context);
            _requests.Enqueue(request);
            foreach (var fault in _faults)
            {
                if (fault.TryTake(request, out var answer))
                {
                    await answer(context);
                    return;
                }
            }

            await (FakePath.Parse(request.Path) is { } path ? AnswerAsync(context, request, path) : WriteStatusAsync(context, 404, "NotFound"));
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client is gone, or a test broke the connection.
        }
    }

    private Task AnswerAsync(HttpContext context, FakeRequest request, FakePath path) => request.Method switch
    {
        "GET" when request.IsWatch => WatchAsync(context, request, path),
        "GET" when path.Name.Length == 0 => ListAsync(context, request, path),
        "GET" =>
            Cluster.Get(path.Resource, path.Namespace, path.Name) is { } found
                ? WriteAsync(context, 200, found)
                : WriteStatusAsync(context, 404, "NotFound"),
        "POST" => CreateAsync(context, request, path),
        "PUT" => ReplaceAsync(context, request, path),
        "PATCH" => PatchAsync(context, request, path),
        "DELETE" => DeleteAsync(context, request, path),
        _ => WriteStatusAsync(context, 405, "MethodNotAllowed"),
    };

    private Task CreateAsync(HttpContext context, FakeRequest request, FakePath path)
    {
        var body = JsonNode.Parse(request.Body)!.AsObject();
        var name = (string)body["metadata"]!["name"]!;
        return Cluster.Get(path.Resource, path.Namespace, name) is null
            ? WriteAsync(context, 201, Cluster.Put(path.Resource, path.Namespace, name, body))
            : WriteStatusAsync(context, 409, "AlreadyExists");
    }

    private Task ReplaceAsync(HttpContext context, FakeRequest request, FakePath path)
    {
        var body = JsonNode.Parse(request.Body)!.AsObject();
        if (Cluster.Get(path.Resource, path.Namespace, path.Name) is not { } existing)
        {
            return WriteStatusAsync(context, 404, "NotFound");
        }

        return IsOutdated(body, existing)
            ? WriteStatusAsync(context, 409, "Conflict")
            : WriteAsync(context, 200, Cluster.Put(path.Resource, path.Namespace, path.Name, body));
    }

    private Task DeleteAsync(HttpContext context, FakeRequest request, FakePath path)
    {
        if (Cluster.Get(path.Resource, path.Namespace, path.Name) is not { } existing)
        {
            return WriteStatusAsync(context, 404, "NotFound");
        }

        if (JsonNode.Parse(request.Body)?["preconditions"] is JsonObject preconditions && !Matches(preconditions, existing))
        {
            return WriteStatusAsync(context, 409, "Conflict");
        }

        Cluster.Delete(path.Resource, path.Namespace, path.Name);
        return WriteAsync(context, 200, existing);
    }

    /// <summary>Whether a write names a version or a UID that is not the object's any more.</summary>
    private static bool IsOutdated(JsonObject body, JsonObject existing) => body["metadata"] is JsonObject wanted && !Matches(wanted, existing);

    private static bool Matches(JsonObject wanted, JsonObject existing) => new[] { "uid", "resourceVersion" }
        .All(name => wanted[name] is null || (string?)wanted[name] == (string?)existing["metadata"]![name]);

    private Task PatchAsync(HttpContext context, FakeRequest request, FakePath path)
    {
        if (Cluster.Get(path.Resource, path.Namespace, path.Name) is not { } existing)
        {
            return WriteStatusAsync(context, 404, "NotFound");
        }

        var body = JsonNode.Parse(request.Body)!.AsObject();
        if (IsOutdated(body, existing))
        {
            return WriteStatusAsync(context, 409, "Conflict");
        }

        Merge(existing, body);
        return WriteAsync(context, 200, Cluster.Put(path.Resource, path.Namespace, path.Name, existing));
    }

    private Task ListAsync(HttpContext context, FakeRequest request, FakePath path)
    {
        var all = Cluster.List(path.Resource, path.Namespace);
        var start = 0;
        var version = Cluster.Version;
        if (request.Query.TryGetValue("continue", out var token))
        {
            var parts = token.Split('-');
            (version, start) = (long.Parse(parts[0], CultureInfo.InvariantCulture), int.Parse(parts[1], CultureInfo.InvariantCulture));
            if (Cluster.IsCompacted(version))
            {
                return WriteStatusAsync(context, 410, "Expired");
            }
        }

        var limit = request.Query.TryGetValue("limit", out var text) ? int.Parse(text, CultureInfo.InvariantCulture) : int.MaxValue;
        var metadata = new JsonObject { ["resourceVersion"] = version.ToString(CultureInfo.InvariantCulture) };
        if (limit < all.Count - start)
        {
            metadata["continue"] = $"{version}-{start + limit}";
        }

        var items = new JsonArray([.. all.Skip(start).Take(limit).Select(item => Shown(request, item))]);
        return WriteAsync(context, 200, new JsonObject { ["kind"] = "List", ["apiVersion"] = "v1", ["metadata"] = metadata, ["items"] = items });
    }

    private async Task WatchAsync(HttpContext context, FakeRequest request, FakePath path)
    {
        if (request.Query.ContainsKey("resourceVersionMatch") && (!request.IsStream || Streams is FakeStreams.Refused))
        {
            await WriteStatusAsync(context, 422, "Invalid");
            return;
        }

        var version = request.IsStream ? Cluster.Version : long.Parse(request.Query["resourceVersion"], CultureInfo.InvariantCulture);
        if (Cluster.IsCompacted(version))
        {
            // As the real server does: an OK watch whose first line is the error.
            await WriteLineAsync(context, "ERROR", Status(410, "Expired"));
            return;
        }

        var close = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        context.Response.ContentType = "application/json";
        await context.Response.StartAsync(context.RequestAborted);
        _watches[context] = close;
        try
        {
            if (request.IsStream)
            {
                await WriteCurrentAsync(context, request, path, version);
            }

            while (!close.Task.IsCompleted)
            {
                var (changes, next) = Cluster.ChangesAfter(version, path.Resource, path.Namespace);
                foreach (var change in changes)
                {
                    await WriteLineAsync(context, change.Type, Shown(request, change.Content));
                    version = change.Version;
                }

                if (changes.Count == 0)
                {
                    await Task.WhenAny(next, close.Task).WaitAsync(context.RequestAborted);
                }
            }
        }
        finally
        {
            lock (_watches)
            {
                _watches.TryRemove(context, out _);
            }
        }
    }

    private async Task WriteCurrentAsync(HttpContext context, FakeRequest request, FakePath path, long version)
    {
        foreach (var current in Cluster.List(path.Resource, path.Namespace))
        {
            await WriteLineAsync(context, "ADDED", Shown(request, current));
        }

        if (Streams is FakeStreams.Served)
        {
            await WriteLineAsync(context, "BOOKMARK", FakeCluster.EndOfCurrent(version));
        }
    }

    /// <summary>The object as the client wants it; one that says <c>whole</c> is sent as it is.</summary>
    private static JsonObject Shown(FakeRequest request, JsonObject content) =>
        !request.IsPartial || content["whole"] is not null || content["metadata"] is not { } metadata
            ? content
            : new JsonObject { ["apiVersion"] = "meta.k8s.io/v1", ["kind"] = "PartialObjectMetadata", ["metadata"] = metadata.DeepClone() };

    private static async Task WriteLineAsync(HttpContext context, string type, JsonObject content)
    {
        var line = new JsonObject { ["type"] = type, ["object"] = content.DeepClone() }.ToJsonString();
        await context.Response.WriteAsync(line + "\n", Encoding.UTF8, context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
    }
}
