using System.Globalization;
using System.Net;
using AgentOperator.Gateway.Peers;
using AgentOperator.Protocol;

namespace AgentOperator.Tests.Gateway;

/// <summary>Replicas at known addresses.</summary>
internal sealed class FakePeers(IReadOnlyList<HttpClient> peers) : IGatewayPeers
{
    public async Task<bool> HaveCommittedAsync(string authorization, string stepKey, long expectedSequence, CancellationToken cancellationToken)
    {
        foreach (var peer in peers)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, PeerRoute.Answer);
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
            request.Headers.Add(Routes.IdempotencyKeyHeader, stepKey);
            request.Headers.Add(Routes.ExpectedSequenceHeader, expectedSequence.ToString(CultureInfo.InvariantCulture));
            using var response = await peer.SendAsync(request, cancellationToken);
            if (response.StatusCode == HttpStatusCode.NoContent)
            {
                return true;
            }
        }

        return false;
    }
}
