using System.Net;
using System.Text;
using AgentOperator.Protocol;
using AgentRunner.Conversations;
using AgentRunner.Models;

namespace AgentRunner.Tests.Fakes;

/// <summary>The request that the runner's own model client sends for a conversation.</summary>
internal static class CapturedRequest
{
    private const string Answer =
        """{"id":"c","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"x"},"finish_reason":"stop"}]}""";

    /// <summary>Its body.</summary>
    public static async Task<string> OfAsync(Conversation conversation)
    {
        using var transport = new Transport();
        using var chat = new GatewayChatClient(new Uri("http://gateway/v1/run"), "m", transport);
        await ModelClients.Of(chat, TimeSpan.Zero, TimeSpan.FromMinutes(1)).AnswerAsync(conversation, "key", CancellationToken.None);
        return Encoding.UTF8.GetString(transport.Body!);
    }

    private sealed class Transport : HttpMessageHandler
    {
        public byte[]? Body { get; private set; }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Body = await request.Content!.ReadAsByteArrayAsync(cancellationToken);
            var response = new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(Answer, Encoding.UTF8, "application/json") };
            response.Headers.Add(Routes.SequenceHeader, "1");
            return response;
        }
    }
}
