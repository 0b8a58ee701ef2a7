using AgentOperator.ModelServer.Scenarios;

namespace AgentOperator.ModelServer.Chat;

/// <summary>The part of OpenAI's API that is served, and the upload of scenarios.</summary>
internal static class ModelEndpoints
{
    public static void MapModel(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/v1/chat/completions", (HttpContext context, ChatEndpoint endpoint) => endpoint.HandleAsync(context));
        routes.MapGet("/v1/models", ListModels);
        routes.MapPut("/scenarios/{name}", PutScenarioAsync);
    }

    private static IResult ListModels(HttpRequest request, ScenarioStore scenarios, ApiKeyCheck keys) => keys.Passes(request)
        ? TypedResults.Bytes(ModelList(scenarios.Names()), "application/json")
        : TypedResults.Text(
            ErrorBody.Write(StatusCodes.Status401Unauthorized, "invalid_api_key", "The API key is missing or wrong."),
            "application/json",
            StatusCodes.Status401Unauthorized);

    private static async Task<IResult> PutScenarioAsync(string name, HttpRequest request, ScenarioStore scenarios)
    {
        using var reader = new StreamReader(request.Body);
        try
        {
            scenarios.Put(name, await reader.ReadToEndAsync(request.HttpContext.RequestAborted));
        }
        catch (ScenarioFormatException error)
        {
            return TypedResults.Text(error.Message, statusCode: StatusCodes.Status400BadRequest);
        }

        return TypedResults.NoContent();
    }

    private static byte[] ModelList(IReadOnlyList<string> names) => JsonBody.WriteObject(json =>
    {
        json.WriteString("object", "list");
        json.WriteStartArray("data");
        foreach (var name in names)
        {
            json.WriteStartObject();
            json.WriteString("id", name);
            json.WriteString("object", "model");
            json.WriteNumber("created", 0);
            json.WriteString("owned_by", "agentoperator-tests");
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });
}
