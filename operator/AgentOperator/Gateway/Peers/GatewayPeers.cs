using System.Globalization;
using System.Net;
using AgentOperator.Protocol;
using k8s.Autorest;
using Microsoft.Extensions.Options;

namespace AgentOperator.Gateway.Peers;

/// <summary>Finds the other replicas behind the gateway's Service and asks each at its own address.</summary>
internal sealed partial class GatewayPeers(
    ServiceEndpoints endpoints, PeerHttpClient http, IOptions<GatewayOptions> options, ILogger<GatewayPeers> logger) : IGatewayPeers
{
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
        var host = address.Contains(':', StringComparison.Ordinal) ? $"[{address}]" : address;
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri($"https://{host}:{options.Value.GatewayPort}{PeerRoute.Answer}"));
        request.Headers.TryAddWithoutValidation("Authorization", authorization);
        request.Headers.Add(Routes.IdempotencyKeyHeader, stepKey);
        request.Headers.Add(Routes.ExpectedSequenceHeader, expectedSequence.ToString(CultureInfo.InvariantCulture));
        try
        {
            using var response = await http.SendAsync(request, cancellationToken);
            return response.StatusCode == HttpStatusCode.NoContent;
        }
        catch (HttpRequestException exception)
        {
            LogSilent(logger, address, exception.HttpRequestError);
            return false;
        }
    }

    [LoggerMessage(
        Level = LogLevel.Warning, Message = "The EndpointSlices of Service {Service} cannot be read, so no other replica is asked: {Error}")]
    private static partial void LogNoPeers(ILogger logger, string service, string error);

    [LoggerMessage(Level = LogLevel.Information, Message = "The replica at {Address} does not answer: {Error}")]
    private static partial void LogSilent(ILogger logger, string address, HttpRequestError error);
}
