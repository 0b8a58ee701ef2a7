using AgentOperator.ModelServer.Calls;
using AgentOperator.ModelServer.Effects;
using AgentOperator.ModelServer.Scenarios;
using Microsoft.AspNetCore.Hosting.Server;

namespace AgentOperator.ModelServer;

/// <summary>A model server inside the process of a test.</summary>
public sealed class ModelServerHost : IAsyncDisposable
{
    private readonly WebApplication _app;

    private ModelServerHost(WebApplication app)
    {
        _app = app;
        BaseUri = ListenAddress.Of(app.Services.GetRequiredService<IServer>());
    }

    /// <summary>The server's address, with a slash at the end; OpenAI clients take it with <c>v1</c> behind.</summary>
    public Uri BaseUri { get; }

    /// <summary>The calls that it got.</summary>
    public CallLog Log => _app.Services.GetRequiredService<CallLog>();

    /// <summary>The effects that tools reported.</summary>
    public EffectLedger Effects => _app.Services.GetRequiredService<EffectLedger>();

    /// <summary>Starts a server, by default on a free loopback port with the scenarios that come with it.</summary>
    /// <exception cref="IOException">The address is in use, or a file of the options cannot be opened.</exception>
    public static async Task<ModelServerHost> StartAsync(ModelServerOptions? options = null, CancellationToken ct = default)
    {
        var app = ModelServerApp.Build(options ?? new ModelServerOptions());
        try
        {
            await app.StartAsync(ct);
            return new ModelServerHost(app);
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    /// <summary>Adds or replaces the scenario that requests for this model name play.</summary>
    /// <exception cref="FormatException">The scenario cannot be played; the message says where and why.</exception>
    public void PutScenario(string name, string yaml) => _app.Services.GetRequiredService<ScenarioStore>().Put(name, yaml);

    /// <summary>Stops the server: requests that still wait lose their connection.</summary>
    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}
