using AgentOperator.Chaos.Cluster;
using AgentOperator.Chaos.Engine;
using AgentOperator.ControlRuntime;
using AgentOperator.Gateway.Endpoints;
using k8s;
using k8s.Models;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace AgentOperator.Chaos.Operators;

/// <summary>One process of the operator: the services that are delivered, on a simulated API server.</summary>
internal sealed class Replica
{
    private readonly World _world;
    private readonly GatewayRoutes _routes;
    private readonly List<Exchange> _exchanges = [];

    public Replica(World world, string name)
    {
        _world = world;
        Process = new SimulatedProcess(world.Simulator, name, world.ClockSkew());
        var services = ReplicaServices.Of(world, this);
        Fill(services, world.Server.Runs);
        Fill(services, world.Server.Pods);
        Fill(services, world.Server.Endpoints);
        Fill(services, world.Server.SegmentHeaders);
        Controller = new ReplicaController(world.Simulator, Process, [.. services.GetServices<Controller>()]);
        _routes = new GatewayRoutes(services.GetRequiredService<RunnerRequests>(), services.GetServices<IGatewayEndpoint>());
        Process.Died = why => Die(why);
    }

    public SimulatedProcess Process { get; }

    public ReplicaController Controller { get; }

    /// <summary>Serves a request in this process.</summary>
    /// <param name="request">The request.</param>
    /// <param name="answered">Called in the world when the answer leaves; with null when the process dies first.</param>
    /// <returns>Tells the handler that the client has gone.</returns>
    public Action Serve(GatewayRequest request, Action<GatewayReply?> answered)
    {
        var exchange = new Exchange(answered);
        _exchanges.Add(exchange);
        _world.Simulator.Watch(HandleAsync(request, exchange), $"{request.Method} {request.Path}");
        return exchange.Aborted.Cancel;
    }

    private async Task HandleAsync(GatewayRequest request, Exchange exchange)
    {
        var context = new DefaultHttpContext { RequestAborted = exchange.Aborted.Token };
        context.Request.Method = request.Method;
        context.Request.Path = request.Path;
        context.Request.QueryString = new QueryString(request.Query);
        foreach (var (header, value) in request.Headers)
        {
            context.Request.Headers[header] = value;
        }

        context.Request.ContentLength = request.Body.Length;
        context.Request.Body = new MemoryStream(request.Body);
        using var body = new MemoryStream();
        context.Response.Body = body;
        await _routes.ServeAsync(context);
        _exchanges.Remove(exchange);
        if (exchange.Aborted.IsCancellationRequested)
        {
            return;
        }

        var reply = new GatewayReply(
            context.Response.StatusCode,
            context.Response.Headers.ToDictionary(header => header.Key, header => header.Value.ToString()),
            body.ToArray());
        _world.Oracles.Journal.Answered(request, reply);

        // In an event of its own: a handler that waits for nothing would answer before its caller is connected.
        _world.Simulator.After(TimeSpan.Zero, null, null, () => exchange.Answered(reply));
    }

    private void Fill<T>(IServiceProvider services, ObjectTable<T> table)
        where T : class, IKubernetesObject<V1ObjectMeta> => new Watch<T>(
            _world, Process, table, services.GetRequiredService<InformerOptions<T>>(), services.GetRequiredService<Informer<T>>()).Start();

    private void Die(string why)
    {
        _world.Simulator.Note($"{Process.Name} dies: {why}");
        foreach (var exchange in _exchanges)
        {
            exchange.Answered(null);
        }

        _world.Operators.Died(this);
    }

    private sealed record Exchange(Action<GatewayReply?> Answered)
    {
        public CancellationTokenSource Aborted { get; } = new();
    }
}
