using AgentOperator.Gateway;
using AgentOperator.Gateway.Endpoints;
using AgentOperator.Gateway.Identity;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;
using OpenTelemetry.Metrics;
using Serilog;
using Serilog.Events;
using Serilog.Formatting.Compact;

namespace AgentOperator.Hosting;

/// <summary>The composition root: reconcilers, gateway, health and metrics in one process.</summary>
internal static class OperatorApplication
{
    private const int ExitUsage = 64;

    public static async Task<int> RunAsync(string[] args)
    {
        if (args.Any(arg => arg is "-h" or "--help"))
        {
            await Console.Out.WriteLineAsync(Help.Text);
            return 0;
        }

        Log.Logger = CreateLogger();
        try
        {
            await using var app = Build(args);
            await app.RunAsync();
            return Environment.ExitCode;
        }
        catch (OptionsValidationException exception)
        {
            Log.Fatal("The configuration is not usable: {Failures}", exception.Failures);
            return ExitUsage;
        }
        catch (Exception exception)
        {
            Log.Fatal(exception, "The operator failed");
            return 1;
        }
        finally
        {
            await Log.CloseAndFlushAsync();
        }
    }

    private static WebApplication Build(string[] args)
    {
        var builder = WebApplication.CreateSlimBuilder(args);
        builder.Services.AddSerilog();
        builder.Services.AddAgentOperator(builder.Configuration);
        builder.Services.AddOptions<HostOptions>().Configure<IOptions<HostingOptions>>(
            static (host, options) => host.ShutdownTimeout = TimeSpan.FromSeconds(options.Value.ShutdownSeconds));
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel((context, kestrel) => kestrel.ListenForOperator());

        var app = builder.Build();

        // Before anything counts: what is counted before somebody listens is lost.
        _ = app.Services.GetRequiredService<MeterProvider>();
        var port = app.Services.GetRequiredService<IOptions<GatewayOptions>>().Value.GatewayPort;
        app.MapWhen(
            context => context.Connection.LocalPort == port,
            gateway => gateway.UseRouting().UseEndpoints(routes => routes.MapGateway()));
        app.UseRouting();
        app.MapHealth();
        app.MapPrometheusScrapingEndpoint();
        return app;
    }

    private static void ListenForOperator(this KestrelServerOptions kestrel)
    {
        var services = kestrel.ApplicationServices;
        var authority = services.GetRequiredService<GatewayAuthority>();
        kestrel.AddServerHeader = false;
        kestrel.ListenAnyIP(
            services.GetRequiredService<IOptions<GatewayOptions>>().Value.GatewayPort,
            listen => listen.UseHttps(https => https.ServerCertificateSelector = (_, _) => authority.ServingCertificate()));
        kestrel.ListenAnyIP(services.GetRequiredService<IOptions<HostingOptions>>().Value.MetricsPort);
    }

    private static Serilog.Core.Logger CreateLogger() => new LoggerConfiguration()
        .MinimumLevel.Is(
            Enum.TryParse<LogEventLevel>(Environment.GetEnvironmentVariable("LOG_LEVEL"), ignoreCase: true, out var level)
                ? level
                : LogEventLevel.Information)
        .MinimumLevel.Override("Microsoft", LogEventLevel.Warning)
        .MinimumLevel.Override("System.Net.Http", LogEventLevel.Warning)
        .MinimumLevel.Override("Polly", LogEventLevel.Warning)
        .Enrich.FromLogContext()
        .WriteTo.Console(new PlainLogFormatter(new RenderedCompactJsonFormatter(), LoggedRefusals.Describe))
        .CreateLogger();
}
