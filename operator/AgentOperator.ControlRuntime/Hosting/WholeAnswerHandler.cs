namespace AgentOperator.ControlRuntime;

/// <summary>
/// Waits for the whole of every answer that is not a stream. The client reads answers synchronously as soon as their headers are there, and so
/// blocks a thread until the server has sent the rest: a few dozen answers of a busy server would take every thread of the pool, and with them
/// the lease.
/// </summary>
internal sealed class WholeAnswerHandler : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);
        if (IsStream(request.RequestUri))
        {
            return response;
        }

        try
        {
            await response.Content.LoadIntoBufferAsync(cancellationToken);
            return response;
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    private static bool IsStream(Uri? uri) =>
        uri is not null
        && (uri.Query.Contains("watch=true", StringComparison.Ordinal) || uri.Query.Contains("follow=true", StringComparison.Ordinal));
}
