using System.Text.Json;

namespace AgentOperator.ModelServer.Effects;

/// <summary>The effect ledger over HTTP. A tool posts with <c>curl -sSf -d 'key=…&amp;run=…' &lt;server&gt;/effects/&lt;name&gt;</c>.</summary>
internal static class EffectEndpoints
{
    public static void MapEffects(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/effects/{name}", PostAsync);
        routes.MapGet("/effects", (string? run, EffectLedger ledger) =>
            TypedResults.Json(ledger.List(run: run), ModelServerJsonContext.Default.EffectList));
        routes.MapGet("/effects/{name}", (string name, string? run, EffectLedger ledger) =>
            TypedResults.Json(ledger.List(name, run), ModelServerJsonContext.Default.EffectList));
        routes.MapDelete("/effects", (EffectLedger ledger) =>
        {
            ledger.Clear();
            return TypedResults.NoContent();
        });
    }

    private static async Task<IResult> PostAsync(string name, HttpContext context, EffectLedger ledger)
    {
        IReadOnlyDictionary<string, string?> body;
        try
        {
            body = await ReadBodyAsync(context.Request, context.RequestAborted);
        }
        catch (Exception error) when (error is JsonException or InvalidDataException)
        {
            return TypedResults.Text(
                "The body is a form or a JSON object with the strings key, run and note.", statusCode: StatusCodes.Status400BadRequest);
        }

        string? Field(string field) => context.Request.Query[field].FirstOrDefault() ?? body.GetValueOrDefault(field);
        var effect = ledger.Append(name, Field("key"), Field("run"), Field("note"));
        if (string.Equals(context.Request.Query["failAfter"], "true", StringComparison.OrdinalIgnoreCase))
        {
            // The worst case for a caller: the effect happened, but the answer is lost.
            context.Abort();
            return TypedResults.Empty;
        }

        return TypedResults.Json(effect, ModelServerJsonContext.Default.Effect);
    }

    private static async Task<IReadOnlyDictionary<string, string?>> ReadBodyAsync(HttpRequest request, CancellationToken ct)
    {
        if (request.HasFormContentType)
            return (await request.ReadFormAsync(ct)).ToDictionary(field => field.Key, field => field.Value.FirstOrDefault());
        if (request.HasJsonContentType())
        {
            return await JsonSerializer.DeserializeAsync(request.Body, ModelServerJsonContext.Default.DictionaryStringString, ct)
                ?? throw new JsonException("The body is null.");
        }

        return new Dictionary<string, string?>();
    }
}
