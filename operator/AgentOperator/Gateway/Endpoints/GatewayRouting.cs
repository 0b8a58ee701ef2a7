namespace AgentOperator.Gateway.Endpoints;

/// <summary>Maps the gateway's paths; see <c>docs/protocol.md</c>.</summary>
internal static class GatewayRouting
{
    public static void MapGateway(this IEndpointRouteBuilder routes)
    {
        var requests = routes.ServiceProvider.GetRequiredService<RunnerRequests>();
        foreach (var endpoint in routes.ServiceProvider.GetServices<IGatewayEndpoint>())
        {
            routes.MapMethods(endpoint.Path, [endpoint.Method], context => requests.ServeAsync(context, endpoint));
        }
    }
}
