using System.Net;
using AgentOperator.Gateway;
using AgentOperator.Gateway.Endpoints;
using AgentOperator.Gateway.Identity;
using AgentOperator.Gateway.Models;
using AgentOperator.Pods;
using AgentOperator.Tests.Fakes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AgentOperator.ProtocolConformance.Stages;

/// <summary>The gateway as it is delivered, over HTTPS on a free port. Only its API server and its tokens are the test's.</summary>
internal static class GatewayHost
{
    /// <summary>Composes it.</summary>
    /// <param name="connection">Its API server.</param>
    /// <param name="tokens">The tokens that it accepts.</param>
    /// <param name="wire">The network before it.</param>
    /// <param name="certificateHost">The host that its certificate is for.</param>
    /// <param name="connected">Called for each connection.</param>
    public static WebApplication Build(FakeConnection connection, PodTokens tokens, Wire wire, string certificateHost, Action connected)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => Listen(listen, connected)));
        builder.Services.AddOperator(connection, TimeProvider.System)
            .AddHostedService(services => services.GetRequiredService<AnswersUnderWay>())
            .AddSingleton<ITokenReviewer>(tokens)
            .AddSingleton<IGatewayAuthority>(services => services.GetRequiredService<GatewayAuthority>())
            .Configure<GatewayOptions>(options => options.GatewayUrl = $"https://{certificateHost}:8443");
        var gateway = builder.Build();
        gateway.Use((context, next) => wire.HandleAsync(context, () => next(context)));
        gateway.UseRouting();
        gateway.MapGateway();
        return gateway;
    }

    private static void Listen(ListenOptions listen, Action connected)
    {
        listen.Use(next => connection =>
        {
            connected();
            return next(connection);
        });
        var authority = listen.ApplicationServices.GetRequiredService<GatewayAuthority>();
        listen.UseHttps(new HttpsConnectionAdapterOptions { ServerCertificateSelector = (_, _) => authority.ServingCertificate() });
    }
}
