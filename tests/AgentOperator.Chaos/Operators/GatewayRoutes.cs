using AgentOperator.Gateway;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace AgentOperator.Chaos.Operators;

/// <summary>The real gateway's handlers by method and path, as <see cref="GatewayEndpoints.MapGateway"/> maps them.</summary>
internal sealed class GatewayRoutes : IEndpointRouteBuilder
{
    private readonly Dictionary<(string Method, string Path), RequestDelegate> _handlers = [];

    public GatewayRoutes()
    {
        this.MapGateway();
        foreach (var endpoint in DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>())
        {
            foreach (var method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods)
            {
                _handlers[(method, endpoint.RoutePattern.RawText!)] = endpoint.RequestDelegate!;
            }
        }
    }

    public IServiceProvider ServiceProvider { get; } = new ReplicaServices();

    public ICollection<EndpointDataSource> DataSources { get; } = [];

    public IApplicationBuilder CreateApplicationBuilder() => new ApplicationBuilder(ServiceProvider);

    public RequestDelegate Find(string method, string path) => _handlers[(method, path)];
}
