using AgentOperator.Gateway.Endpoints;
using Microsoft.AspNetCore.Http;

namespace AgentOperator.Chaos.Operators;

/// <summary>The real gateway's endpoints by method and path, as <see cref="GatewayRouting.MapGateway"/> maps them in a web server.</summary>
internal sealed class GatewayRoutes(RunnerRequests requests, IEnumerable<IGatewayEndpoint> endpoints)
{
    private readonly Dictionary<(string Method, string Path), IGatewayEndpoint> _endpoints =
        endpoints.ToDictionary(endpoint => (endpoint.Method, endpoint.Path));

    public Task ServeAsync(HttpContext context) => requests.ServeAsync(context, _endpoints[(context.Request.Method, context.Request.Path.Value!)]);
}
