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
/// A fake API server on loopback, with what needs a connection: watches, bookmarks, 410, and every way to fail that a test asks for.
/// </summary>
internal sealed class FakeApiServer : IAsyncDisposable
{
    private readonly FakeKubernetes _kubernetes = new();
    private readonly ConcurrentQueue<FakeRequest> _requests = new();
    private readonly ConcurrentBag<FakeFault> _faults = [];
    private readonly ConcurrentDictionary<HttpContext, TaskCompletionSource> _watches = new();
    private WebApplication? _application;

    public FakeCluster Cluster => _kubernetes.Cluster;

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
        Fault(
            matches,
            context =>
            {
                context.Response.Headers.RetryAfter = retryAfter?.ToString(CultureInfo.InvariantCulture);
                return WriteAsync(context, FakeAnswer.Failure(code, reason));
            },
            times);

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
        // Holds back requests that are ending, because a context must not be disposed while it is aborted.
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

    private static async Task WriteAsync(HttpContext context, FakeAnswer answer)
    {
        context.Response.StatusCode = answer.Code;
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(answer.Body.ToJsonString(), Encoding.UTF8, context.RequestAborted);
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

            await (request is { IsWatch: true, Target: { } path }
                ? WatchAsync(context, request, path)
                : WriteAsync(context, _kubernetes.Answer(request)));
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client is gone, or a test broke the connection.
        }
    }

    private async Task WatchAsync(HttpContext context, FakeRequest request, FakePath path)
    {
        if (request.Query.ContainsKey("resourceVersionMatch") && (!request.IsStream || Streams is FakeStreams.Refused))
        {
            await WriteAsync(context, FakeAnswer.Failure(422, "Invalid"));
            return;
        }

        var version = request.IsStream ? Cluster.Version : long.Parse(request.Query["resourceVersion"], CultureInfo.InvariantCulture);
        if (Cluster.IsCompacted(version))
        {
            // As the real server does: an OK watch whose first line is the error.
            await WriteLineAsync(context, "ERROR", FakeAnswer.Failure(410, "Expired").Body);
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
                    await WriteLineAsync(context, change.Type, FakeKubernetes.Shown(request, change.Content));
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
            await WriteLineAsync(context, "ADDED", FakeKubernetes.Shown(request, current));
        }

        if (Streams is FakeStreams.Served)
        {
            await WriteLineAsync(context, "BOOKMARK", FakeCluster.EndOfCurrent(version));
        }
    }

    private static async Task WriteLineAsync(HttpContext context, string type, JsonObject content)
    {
        var line = new JsonObject { ["type"] = type, ["object"] = content.DeepClone() }.ToJsonString();
        await context.Response.WriteAsync(line + "\n", Encoding.UTF8, context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
    }
}
