using System.Globalization;
using System.Net;
using System.Text;
using AgentOperator.Protocol;
using AgentRunner.Conversations;
using AgentRunner.Gateway;
using AgentRunner.Models;
using AgentRunner.Tests.Fakes;
using Microsoft.Extensions.AI;

namespace AgentRunner.Tests.Models;

internal sealed class GatewayChatClientTests
{
    private const string Answer =
        """{"id":"c","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"x"},"finish_reason":"stop"}]}""";

    [Test]
    public async Task Call_SendsItsHeadersAndReadsThoseOfTheAnswer()
    {
        using var transport = new Transport();
        using var client = Client(transport);
        var first = new ModelCall("key-1", 6);
        var second = new ModelCall("key-2", 8);

        await AskAsync(client, first);
        await AskAsync(client, second);

        Assert.That(transport.Seen, Is.EqualTo(new[] { "key-1 6", "key-2 8" }));
        Assert.That((first.Sequence, first.Replayed, second.Sequence, second.Replayed), Is.EqualTo(((long?)7, true, (long?)9, true)));
    }

    [Test]
    public async Task Call_OfAStepThatWasRequestedBefore_SaysSo()
    {
        using var transport = new Transport { FailsFirst = true };
        using var client = Client(transport);
        var model = ModelClients.Of(client, TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1));

        await model.AnswerAsync(EmptyConversation(), "key-1", CancellationToken.None);

        Assert.That(transport.Repeated, Is.EqualTo(new[] { false, true }));
    }

    /// <summary>The call goes on in the gateway: the attempt ends without blame, and the next one joins it.</summary>
    [Test]
    public async Task Call_WithoutAnAnswerInTime_IsTheModelsOutage()
    {
        using var transport = new Transport { Gate = new TaskCompletionSource() };
        using var client = Client(transport);
        var model = ModelClients.Of(client, TimeSpan.Zero, TimeSpan.FromMilliseconds(1));

        var failure = await Assert.ThrowsAsync<GatewayException>(() => model.AnswerAsync(EmptyConversation(), "key-1", CancellationToken.None));

        Assert.That(failure!.Code, Is.EqualTo(ErrorCodes.ModelUnavailable));
    }

    /// <summary>The runtime says with a cancellation that a connection was not made in time.</summary>
    [Test]
    public async Task Call_GatewaysAddressDropsPackets_IsTheGatewaysOutageAndNotTheModels()
    {
        using var transport = new Transport { Gate = new TaskCompletionSource() };
        using var client = Client(transport);
        var model = ModelClients.Of(client, TimeSpan.Zero, TimeSpan.FromMinutes(1));
        transport.Gate.SetException(new TaskCanceledException("canceled", new TimeoutException()));

        var failure = await Assert.ThrowsAsync<GatewayException>(() => model.AnswerAsync(EmptyConversation(), "key-1", CancellationToken.None));

        Assert.That((failure!.Code, failure.IsTransient), Is.EqualTo(("", true)));
    }

    /// <summary>The provider is slower than limits.stepTimeoutSeconds. The gateway joins a repeated request to the call that is under way.</summary>
    [Test]
    public async Task Call_SlowerThanTheStepTimeout_IsRequestedAgainUnderItsKeyAndSaysSo()
    {
        using var transport = new Transport { HangsFirst = true };
        using var client = Client(transport);
        var model = ModelClients.Of(client, TimeSpan.FromMinutes(1), TimeSpan.FromSeconds(1));

        await model.AnswerAsync(EmptyConversation(), "key-1", CancellationToken.None);

        Assert.That(transport.Seen, Has.Count.GreaterThan(1).And.All.EqualTo("key-1 0"));
        Assert.That((transport.Repeated[0], transport.Repeated[1]), Is.EqualTo((false, true)));
    }

    [Test]
    public async Task Call_WhileAnotherIsUnderWay_IsRefused()
    {
        using var transport = new Transport { Gate = new TaskCompletionSource() };
        using var client = Client(transport);
        var first = AskAsync(client, new ModelCall("key-1", 6));

        await Assert.ThrowsAsync<InvalidOperationException>(() => AskAsync(client, new ModelCall("key-2", 6)));

        transport.Gate.SetResult();
        await first;
        await AskAsync(client, new ModelCall("key-3", 7));
        Assert.That(transport.Seen, Is.EqualTo(new[] { "key-1 6", "key-3 7" }));
    }

    [Test]
    public async Task Call_WithoutAStepKey_IsRefused()
    {
        using var transport = new Transport();
        using var client = Client(transport);

        await Assert.ThrowsAsync<ArgumentException>(() => client.GetResponseAsync([new ChatMessage(ChatRole.User, "t")], new ChatOptions()));

        Assert.That(transport.Seen, Is.Empty);
    }

    private static Conversation EmptyConversation() =>
        new(new Prompt { Lineage = "l", Task = "t", Model = new ModelParameters("m"), MaxContextBytes = 100_000 });

    private static GatewayChatClient Client(Transport transport) => new(new Uri("http://gateway/v1/run"), "m", transport);

    private static Task<ChatResponse> AskAsync(GatewayChatClient client, ModelCall call) =>
        client.GetResponseAsync([new ChatMessage(ChatRole.User, "t")], new ModelCallOptions(call));

    private sealed class Transport : HttpMessageHandler
    {
        public List<string> Seen { get; } = [];

        public List<bool> Repeated { get; } = [];

        public bool FailsFirst { get; init; }

        public bool HangsFirst { get; init; }

        public TaskCompletionSource? Gate { get; init; }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var sequence = request.Headers.GetValues(Routes.ExpectedSequenceHeader).Single();
            Seen.Add($"{request.Headers.GetValues(Routes.IdempotencyKeyHeader).Single()} {sequence}");
            Repeated.Add(request.Headers.Contains(Routes.RepeatedHeader));
            if (FailsFirst && Seen.Count == 1)
            {
                throw new HttpRequestException("the connection broke");
            }

            var gate = HangsFirst && Seen.Count == 1 ? new TaskCompletionSource() : Gate;
            await (gate?.Task ?? Task.CompletedTask).WaitAsync(cancellationToken);
            var response = new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(Answer, Encoding.UTF8, "application/json") };
            response.Headers.Add(
                Routes.SequenceHeader, (long.Parse(sequence, CultureInfo.InvariantCulture) + 1).ToString(CultureInfo.InvariantCulture));
            response.Headers.Add(Routes.ReplayedHeader, "true");
            return response;
        }
    }
}
