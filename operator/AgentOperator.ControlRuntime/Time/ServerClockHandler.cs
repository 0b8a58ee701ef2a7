namespace AgentOperator.ControlRuntime;

/// <summary>Shows every answer of the API server to the <see cref="ServerClock" />.</summary>
internal sealed class ServerClockHandler(ServerClock clock, TimeProvider machine) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var asked = machine.GetUtcNow();
        var response = await base.SendAsync(request, cancellationToken);
        if (response.Headers.Date is { } date)
        {
            clock.Observe(date, asked, machine.GetUtcNow());
        }

        return response;
    }
}
