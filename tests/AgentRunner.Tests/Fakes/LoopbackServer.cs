using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AgentRunner.Tests.Fakes;

/// <summary>What the fake servers have in common.</summary>
internal static class LoopbackServer
{
    /// <summary>A web server on a free loopback port, with routes and without a log.</summary>
    /// <param name="certificate">Serves TLS with it; null serves plain HTTP.</param>
    public static WebApplicationBuilder CreateBuilder(X509Certificate2? certificate = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        if (certificate is null)
        {
            builder.WebHost.UseUrls("http://127.0.0.1:0");
        }
        else
        {
            builder.WebHost.UseKestrelHttpsConfiguration();
            builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(certificate)));
        }

        builder.Services.AddRoutingCore();
        return builder;
    }
}
