using AgentOperator.Protocol;

namespace AgentOperator.Gateway.Endpoints;

/// <summary>Maps the gateway's paths; see <c>docs/protocol.md</c>.</summary>
internal static class GatewayRouting
{
    public static void MapGateway(this IEndpointRouteBuilder routes)
    {
        var requests = routes.ServiceProvider.GetRequiredService<RunnerRequests>();
        foreach (var path in routes.ServiceProvider.GetServices<IGatewayEndpoint>().GroupBy(endpoint => endpoint.Path))
        {
            foreach (var endpoint in path)
            {
                routes.MapMethods(path.Key, [endpoint.Method], context => requests.ServeAsync(context, endpoint));
            }

            // Routing prefers the mappings above: they name their method.
            var methods = string.Join(", ", path.Select(endpoint => endpoint.Method));
            routes.Map(path.Key, context =>
            {
                context.Response.Headers.Allow = methods;
                return RefuseAsync(context, StatusCodes.Status405MethodNotAllowed, ErrorCodes.MethodNotAllowed, $"{path.Key} takes {methods}");
            });
        }

        routes.MapFallback(
            "/{**path}",
            context => RefuseAsync(context, StatusCodes.Status404NotFound, ErrorCodes.NotFound, "there is no such path; see docs/protocol.md"));
    }

    private static Task RefuseAsync(HttpContext context, int status, string code, string detail) => context.WriteAsync(
        new ProtocolError { Status = status, Code = code, Detail = detail }, ProtocolJson.Default.ProtocolError, status, "application/problem+json");
}
