using System.Net;
using System.Text;
using System.Text.Json;
using AgentOperator.Protocol;

namespace AgentOperator.Chaos.Sabotage;

/// <summary>Lets a tool start at once and commits its intent together with what the runner sends next.</summary>
internal sealed class IntentAfterTool : ISabotage
{
    public HttpMessageHandler Runner(HttpMessageHandler transport) => new Transport(transport);

    private sealed class Transport(HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        private byte[]? _held;

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var path = request.RequestUri!.AbsolutePath;
            if (request.Method == HttpMethod.Post && path == Routes.Journal)
            {
                var body = await request.Content!.ReadAsByteArrayAsync(cancellationToken);
                var append = JsonSerializer.Deserialize(body, ProtocolJson.Default.AppendRequest)!;
                if (append.Records is [{ Kind: RecordKinds.ToolIntent }])
                {
                    _held = body;
                    var reply = JsonSerializer.Serialize(new AppendResponse(append.ExpectedSequence + 1), ProtocolJson.Default.AppendResponse);
                    return new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(reply, Encoding.UTF8, "application/json") };
                }
            }

            if (_held is { } intent && path != Routes.Heartbeat)
            {
                using var late = new HttpRequestMessage(HttpMethod.Post, new Uri(request.RequestUri, Routes.Journal))
                {
                    Content = new ByteArrayContent(intent),
                };
                using var reply = await base.SendAsync(late, cancellationToken);
                _held = reply.IsSuccessStatusCode ? null : _held;
            }

            return await base.SendAsync(request, cancellationToken);
        }
    }
}
