using System.Globalization;
using System.Net;
using AgentOperator.Protocol;
using k8s.Autorest;
using Microsoft.Extensions.Options;

namespace AgentOperator.Gateway.Peers;

/// <summary>Finds the other replicas behind the gateway's Service and asks each at its own address.</summary>
internal sealed partial class GatewayPeers(
    ServiceEndpoints endpoints, PeerHttpClient http, IOptions<GatewayOptions> options, TimeProvider time, ILogger<GatewayPeers> logger)
    : IGatewayPeers
{
    /// <summary>How long a replica may take to say whether it has the call.</summary>
    private static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(5);

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
        try
        {
            return Others(await endpoints.ListAsync(options.Value.Namespace, service, cancellationToken), options.Value.PodName);
        }
        catch (Exception exception) when (exception is HttpOperationException or HttpRequestException)
        {
            LogNoPeers(logger, service, exception.Message);
            return [];
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

    private async Task<bool> AskAsync(
        string address, string authorization, string stepKey, long expectedSequence, CancellationToken cancellationToken)
    {
        try
        {
            // A replica that is frozen or cut off must not hold up the step, but a call that is under way may take as long as the model does.
            using var limit = new CancellationTokenSource(LongestSilence, time);
            using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
            return await SendAsync(HttpMethod.Get, linked.Token) is HttpStatusCode.NoContent or HttpStatusCode.MethodNotAllowed
                && await SendAsync(HttpMethod.Post, cancellationToken) == HttpStatusCode.NoContent;
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
