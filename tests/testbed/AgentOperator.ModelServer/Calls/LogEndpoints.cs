namespace AgentOperator.ModelServer.Calls;

/// <summary>The call log over HTTP.</summary>
internal static class LogEndpoints
{
    public static void MapLog(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/log", (string? scenario, string? run, CallLog log) =>
            TypedResults.Json(log.List(scenario, run), ModelServerJsonContext.Default.IReadOnlyListCallRecord));
        routes.MapGet("/log/summary", (string? scenario, string? run, CallLog log) =>
            TypedResults.Json(log.Summarize(scenario, run), ModelServerJsonContext.Default.CallSummary));
        routes.MapDelete("/log", (CallLog log) =>
        {
            log.Clear();
            return TypedResults.NoContent();
        });
    }
}
