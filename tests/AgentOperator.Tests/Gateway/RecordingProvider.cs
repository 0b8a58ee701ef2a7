using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AgentOperator.Tests.Gateway;

/// <summary>A provider on a loopback port that gives the same answer to every request, over TLS if it has a certificate.</summary>
internal sealed class RecordingProvider : IAsyncDisposable
{
    public const string Completion = """{"choices":[{"message":{"content":"hello"}}],"usage":{"prompt_tokens":1,"completion_tokens":1}}""";

    private readonly WebApplication _app;
    private readonly List<(string Target, IReadOnlyDictionary<string, string> Headers, JsonObject Body)> _requests = [];

    private RecordingProvider(WebApplication app) => _app = app;

    /// <summary>The scheme, the address and the port.</summary>
    public string Url => _app.Urls.First();

    /// <summary>What came: path and query, headers, and body.</summary>
    public IReadOnlyList<(string Target, IReadOnlyDictionary<string, string> Headers, JsonObject Body)> Requests
    {
        get
        {
            lock (_requests)
            {
                return [.. _requests];
            }
        }
    }

    public static async Task<RecordingProvider> StartAsync(
        string answer = Completion, int status = StatusCodes.Status200OK, X509Certificate2? certificate = null,
        X509Certificate2Collection? chain = null, string? encoding = null, string? location = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration().UseUrls($"{(certificate is null ? "http" : "https")}://127.0.0.1:0").ConfigureKestrel(
            kestrel => kestrel.ConfigureHttpsDefaults(https => (https.ServerCertificate, https.ServerCertificateChain) = (certificate, chain)));
        var provider = new RecordingProvider(builder.Build());
        provider._app.Run(context => provider.AnswerAsync(context, status, answer, encoding, location));
        await provider._app.StartAsync();
        return provider;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context, int status, string answer, string? encoding, string? location)
    {
        var body = await JsonNode.ParseAsync(context.Request.Body);
        lock (_requests)
        {
            _requests.Add((
                context.Request.Path + context.Request.QueryString.Value,
                context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase),
                body!.AsObject()));
        }

        context.Response.StatusCode = status;
        context.Response.Headers.ContentEncoding = encoding;
        context.Response.Headers.Location = location;
        await context.Response.WriteAsync(answer);
    }
}
