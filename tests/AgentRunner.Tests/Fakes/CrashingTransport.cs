namespace AgentRunner.Tests.Fakes;

/// <summary>Kills the attempt at a request: before it is sent, or when its answer has come. Heartbeats do not count.</summary>
/// <param name="inner">The way to the gateway.</param>
/// <param name="crashAt">At which request, from 1; 0 never.</param>
/// <param name="afterAnswer">Whether the request still takes effect.</param>
internal sealed class CrashingTransport(HttpMessageHandler inner, int crashAt = 0, bool afterAnswer = false) : DelegatingHandler(inner)
{
    private int _count;
    private bool _dead;

    /// <summary>How many requests there were.</summary>
    public int Count => _count;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.RequestUri!.AbsolutePath.EndsWith("/heartbeat", StringComparison.Ordinal))
        {
            return await base.SendAsync(request, cancellationToken);
        }

        var strikes = ++_count == crashAt;
        _dead |= strikes && !afterAnswer;
        if (!_dead)
        {
            var response = await base.SendAsync(request, cancellationToken);
            if (!strikes)
            {
                return response;
            }

            response.Dispose();
            _dead = true;
        }

        throw new SimulatedCrashException();
    }
}
