using AgentOperator.ControlRuntime;

namespace AgentOperator.Hosting;

/// <summary><c>/healthz</c>: the process answers. <c>/readyz</c>: its caches are in sync, so it can serve runners.</summary>
internal static class HealthEndpoints
{
    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/healthz", () => "ok");
        routes.MapGet("/readyz", (IEnumerable<IInformer> informers) =>
        {
            var waiting = informers.Where(informer => !informer.HasSynced).Select(informer => informer.Definition.Plural).ToArray();
            return waiting.Length == 0
                ? Results.Text("ok")
                : Results.Text($"waiting for the first list of {string.Join(", ", waiting)}", statusCode: StatusCodes.Status503ServiceUnavailable);
        });
    }
}
