using AgentOperator.ModelServer.Calls;
using AgentOperator.ModelServer.Chat;
using AgentOperator.ModelServer.Effects;
using AgentOperator.ModelServer.Scenarios;

namespace AgentOperator.ModelServer;

/// <summary>Puts the server together.</summary>
public static class ModelServerApp
{
    // A long conversation with large tool results is some megabytes; Kestrel's own bound is 30 MB.
    private const long MaxRequestBytes = 256L * 1024 * 1024;

    /// <summary>A server that is not started yet.</summary>
    /// <param name="options">What it is started with.</param>
    /// <param name="logging">Where its own log goes. Default: nowhere.</param>
    /// <exception cref="IOException">The log's or the ledger's file cannot be opened.</exception>
    /// <exception cref="InvalidDataException">The log's or the ledger's file is damaged.</exception>
    public static WebApplication Build(ModelServerOptions options, Action<ILoggingBuilder>? logging = null)
    {
        ArgumentNullException.ThrowIfNull(options);

        // The empty builder reads no settings files: each watched folder would cost an inotify instance per server.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls(options.Urls).ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MaxRequestBytes;
        });
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(1));
        logging?.Invoke(builder.Logging);
        builder.Services
            .AddRoutingCore()
            .AddSingleton(options)
            .AddSingleton(options.Time)
            .AddSingleton(new ScenarioStore(options.ScenariosDirectory))
            .AddSingleton(_ => new CallLog(options.LogFile))
            .AddSingleton(_ => new EffectLedger(options.EffectsFile, options.Time))
            .AddSingleton<ApiKeyCheck>()
            .AddSingleton<EffectsAddress>()
            .AddSingleton<ChatPlayer>()
            .AddSingleton<ChatEndpoint>();

        var app = builder.Build();

        // A damaged file stops the start, not the first request.
        app.Services.GetRequiredService<CallLog>();
        app.Services.GetRequiredService<EffectLedger>();
        app.MapModel();
        app.MapLog();
        app.MapEffects();
        app.MapGet("/healthz", () => TypedResults.Text("ok"));
        return app;
    }
}
