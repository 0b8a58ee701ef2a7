using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AgentOperator.Tests.Gateway;

/// <summary>A provider that refuses every request with the same error.</summary>
internal sealed class RefusingProvider : IAsyncDisposable
{
    private readonly WebApplication _app;

    private RefusingProvider(WebApplication app) => _app = app;

    public string BaseUrl => $"{_app.Urls.First()}/v1";

    public static async Task<RefusingProvider> StartAsync(string error)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddRoutingCore();
        var app = builder.Build();
        app.MapPost("/v1/chat/completions", async context =>
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            await context.Response.WriteAsync(error);
        });
        await app.StartAsync();
        return new RefusingProvider(app);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
