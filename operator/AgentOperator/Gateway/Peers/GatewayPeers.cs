using System.Globalization;
using System.Net;
using AgentOperator.ControlRuntime;
using AgentOperator.Journal;
using AgentOperator.Protocol;
using k8s.Autorest;
using Microsoft.Extensions.Options;

namespace AgentOperator.Gateway.Peers;

/// <summary>Finds the other replicas behind the gateway's Service and asks each at its own address.</summary>
internal sealed partial class GatewayPeers(
    ServiceEndpoints endpoints, PeerHttpClient http, IOptions<GatewayOptions> options, TimeProvider time, ILogger<GatewayPeers> logger)
    : IGatewayPeers
{
    /// <summary>How often a replica may answer that it cannot say. It needs the API server to know the runner, and to commit.</summary>
    private const int MostDoubts = 60;

    /// <summary>How long a replica may take to say whether it has the call.</summary>
    private static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    public async Task<bool> HaveCommittedAsync(string authorization, string stepKey, long expectedSequence, CancellationToken cancellationToken)
    {
        var asked = (await AddressesAsync(cancellationToken))
            .Select(address => AskAsync(address, authorization, stepKey, expectedSequence, cancellationToken));
        return (await Task.WhenAll(asked)).Any(committed => committed);
    }

    private async Task<IReadOnlyList<string>> AddressesAsync(CancellationToken cancellationToken)
    {
        // The gateway's URL is service.namespace.svc: its first label is the Service.
        var service = new Uri(options.Value.GatewayUrl).Host.Split('.')[0];
        var asked = time.GetTimestamp();
        while (true)
        {
            try
            {
                return Others(await endpoints.ListAsync(options.Value.Namespace, service, cancellationToken), options.Value.PodName);
            }
            catch (Exception exception) when (IsAway(exception) && !cancellationToken.IsCancellationRequested)
            {
                // One of them may have the call. The journal cannot be written either.
                throw new JournalException(
                    ErrorCodes.JournalUnavailable, "the API server does not say who the other replicas are", inner: exception);
            }
            catch (HttpOperationException exception) when (time.GetElapsedTime(asked) > LongestSilence)
            {
                LogNoPeers(logger, service, exception.Summary());
                return [];
            }
            catch (HttpOperationException)
            {
                // A server that has just started knows nobody's rights.
                await Task.Delay(Pause, time, cancellationToken);
            }
        }
    }

    /// <summary>
    /// The addresses of the replicas but this one, each once. One that drains is asked too: it may hold the call that the next attempt asks for.
    /// </summary>
    internal static IReadOnlyList<string> Others(IReadOnlyList<SliceEndpoint> endpoints, string self) =>
    [
        .. endpoints
            .Where(endpoint => endpoint.IsServing && endpoint.TargetRef?.Name != self && endpoint.Addresses is { Count: > 0 })
            .DistinctBy(endpoint => endpoint.TargetRef?.Name ?? endpoint.Addresses![0]) // A Service of two IP families has slices for each.
            .Select(endpoint => endpoint.Addresses![0]),
    ];

    private static bool IsAway(Exception exception) =>
        exception is HttpRequestException or OperationCanceledException || (exception is HttpOperationException refusal && refusal.IsTransient());

    private async Task<bool> AskAsync(
        string address, string authorization, string stepKey, long expectedSequence, CancellationToken cancellationToken)
    {
        try
        {
            for (var doubts = 1; ; doubts++)
            {
                var status = await FindAsync();
                if (status == HttpStatusCode.NoContent)
                {
                    status = await SendAsync(HttpMethod.Post, cancellationToken);
                }

                if (status < HttpStatusCode.InternalServerError || doubts == MostDoubts)
                {
                    return status == HttpStatusCode.NoContent;
                }

                await Task.Delay(Pause, time, cancellationToken);
            }
        }
        catch (HttpRequestException exception)
        {
            LogSilent(logger, address, exception.HttpRequestError.ToString());
            return false;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            LogSilent(logger, address, "timeout");
            return false;
        }

        async Task<HttpStatusCode> FindAsync()
        {
            // A replica that is frozen or cut off must not hold up the step, but a call that is under way may take as long as the model does.
            using var limit = new CancellationTokenSource(LongestSilence, time);
            using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
            var status = await SendAsync(HttpMethod.Get, linked.Token);
            return status == HttpStatusCode.MethodNotAllowed ? HttpStatusCode.NoContent : status;
        }

        async Task<HttpStatusCode> SendAsync(HttpMethod method, CancellationToken token)
        {
            var host = address.Contains(':', StringComparison.Ordinal) ? $"[{address}]" : address;
            using var request = new HttpRequestMessage(method, new Uri($"https://{host}:{options.Value.GatewayPort}{PeerRoute.Answer}"));
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
            request.Headers.Add(Routes.IdempotencyKeyHeader, stepKey);
            request.Headers.Add(Routes.ExpectedSequenceHeader, expectedSequence.ToString(CultureInfo.InvariantCulture));
            using var response = await http.SendAsync(request, token);
            return response.StatusCode;
        }
    }

    [LoggerMessage(
        Level = LogLevel.Warning, Message = "The EndpointSlices of Service {Service} cannot be read, so no other replica is asked: {Error}")]
    private static partial void LogNoPeers(ILogger logger, string service, string error);

    [LoggerMessage(Level = LogLevel.Information, Message = "The replica at {Address} does not answer: {Error}")]
    private static partial void LogSilent(ILogger logger, string address, string error);
}
