using System.Globalization;
using System.Net;
using AgentOperator.Gateway.Peers;
using AgentOperator.Gateway;
using AgentOperator.Journal;
using AgentOperator.Protocol;
using k8s;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace AgentOperator.Tests.Gateway;

[TestFixture]
internal sealed class GatewayPeersTests
{
    [TestCase(HttpStatusCode.NoContent, HttpStatusCode.NoContent, true, "GET POST")]
    [TestCase(HttpStatusCode.NoContent, HttpStatusCode.NotFound, false, "GET POST")]
    [TestCase(HttpStatusCode.NotFound, HttpStatusCode.NoContent, false, "GET")]
    [TestCase(HttpStatusCode.MethodNotAllowed, HttpStatusCode.NoContent, true, "GET POST", Description = "a replica of the version before")]
    public async Task HaveCommitted_AsksFirstAndWaitsForTheOneThatHasTheCall(
        HttpStatusCode has, HttpStatusCode committed, bool expected, string asked)
    {
        var peer = new Peer((request, _) => Task.FromResult(new HttpResponseMessage(request.Method == HttpMethod.Get ? has : committed)));

        Assert.That(await AskAsync(peer, TimeProvider.System), Is.EqualTo(expected));
        Assert.That(string.Join(' ', peer.Asked), Is.EqualTo(asked));
    }

    /// <summary>The API server is away: the replica knows neither the runner nor whether its answer is committed.</summary>
    [TestCase("503 204 204", true, "GET GET POST")]
    [TestCase("204 503 204 204", true, "GET POST GET POST")]
    [TestCase("500 404", false, "GET GET")]
    [TestCase("429 204 429 204 204", true, "GET GET POST GET POST")]
    [TestCase("204 503 404", false, "GET POST GET")]
    [TestCase("401", false, "GET")]
    public async Task HaveCommitted_PeerCannotSay_IsAskedAgain(string statuses, bool expected, string asked)
    {
        var answers = new Queue<int>(statuses.Split(' ').Select(status => int.Parse(status, CultureInfo.InvariantCulture)));
        var peer = new Peer((_, _) => Task.FromResult(new HttpResponseMessage((HttpStatusCode)answers.Dequeue())));

        var committed = await AskPatientlyAsync(peer);

        Assert.That(committed, Is.EqualTo(expected));
        Assert.That(string.Join(' ', peer.Asked), Is.EqualTo(asked));
    }

    [Test]
    public async Task HaveCommitted_PeerNeverSays_GoesOnWithoutItAfterAMinute()
    {
        var peer = new Peer((_, _) => Task.FromResult(new HttpResponseMessage(HttpStatusCode.ServiceUnavailable)));

        var committed = await AskPatientlyAsync(peer);

        Assert.That(committed, Is.False);
        Assert.That(peer.Asked, Has.Count.GreaterThan(10));
    }

    /// <summary>One of the replicas may have the call, so the step waits. If the operator may not know them, it goes on.</summary>
    [TestCase(HttpStatusCode.ServiceUnavailable, ErrorCodes.JournalUnavailable)]
    [TestCase(HttpStatusCode.TooManyRequests, ErrorCodes.JournalUnavailable)]
    [TestCase(HttpStatusCode.Forbidden, null)]
    public async Task HaveCommitted_PeersAreNotKnown_IsUnavailableUnlessItStaysSo(HttpStatusCode status, string? expected)
    {
        var peer = new Peer((_, _) => Task.FromResult(new HttpResponseMessage(HttpStatusCode.NoContent)));
        string? code = null;
        try
        {
            Assert.That(await AskPatientlyAsync(peer, status), Is.False);
        }
        catch (JournalException exception)
        {
            code = exception.Code;
        }

        Assert.That(code, Is.EqualTo(expected));
        Assert.That(peer.Asked, Is.Empty);
    }

    [Test]
    public async Task HaveCommitted_PeerIsFrozen_GoesOnWithoutIt()
    {
        var time = new FakeTimeProvider();
        var arrived = new TaskCompletionSource();
        var peer = new Peer((_, cancellationToken) =>
        {
            arrived.TrySetResult();
            return new TaskCompletionSource<HttpResponseMessage>().Task.WaitAsync(cancellationToken);
        });

        var asked = AskAsync(peer, time);
        await Task.WhenAny(arrived.Task, asked);
        time.Advance(TimeSpan.FromSeconds(5));

        Assert.That(await asked, Is.False);
    }

    [Test]
    public async Task HaveCommitted_PeerHasTheCall_IsWaitedForAsLongAsItTakes()
    {
        var time = new FakeTimeProvider();
        var answer = new TaskCompletionSource<HttpResponseMessage>();
        var waiting = new TaskCompletionSource();
        var peer = new Peer((request, _) =>
        {
            if (request.Method == HttpMethod.Get)
            {
                return Task.FromResult(new HttpResponseMessage(HttpStatusCode.NoContent));
            }

            waiting.TrySetResult();
            return answer.Task;
        });

        var asked = AskAsync(peer, time);
        await Task.WhenAny(waiting.Task, asked);
        time.Advance(TimeSpan.FromMinutes(10));
        Assert.That(asked.IsCompleted, Is.False);
        answer.SetResult(new HttpResponseMessage(HttpStatusCode.NoContent));

        Assert.That(await asked, Is.True);
    }

    /// <summary>Asks, and lets the pauses between the questions pass. The limit of one question does not run out meanwhile.</summary>
    private static async Task<bool> AskPatientlyAsync(Peer peer, HttpStatusCode server = HttpStatusCode.OK)
    {
        var time = new PassingTime(longest: TimeSpan.FromSeconds(1));
        var asked = AskAsync(peer, time, server);
        await time.PassAsync(asked);
        return await asked;
    }

    private static async Task<bool> AskAsync(Peer peer, TimeProvider time, HttpStatusCode server = HttpStatusCode.OK)
    {
        var options = Options.Create(new GatewayOptions { GatewayUrl = "https://gateway.home.svc:8443", Namespace = "home", PodName = "op-1" });
        using var kubernetes = new Kubernetes(new KubernetesClientConfiguration { Host = "http://server" }, new Server(server));
        using var http = new PeerHttpClient(options, () => peer);
        var peers = new GatewayPeers(new ServiceEndpoints(kubernetes), http, options, time, NullLogger<GatewayPeers>.Instance);
        return await peers.HaveCommittedAsync("Bearer t", "step-1", 2, CancellationToken.None);
    }

    private sealed class Peer(Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>> answer) : HttpMessageHandler
    {
        public List<string> Asked { get; } = [];

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Asked.Add(request.Method.Method);
            return answer(request, cancellationToken);
        }
    }

    /// <summary>An API server with one other replica behind the Service.</summary>
    private sealed class Server(HttpStatusCode status) : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var body = request.RequestUri!.AbsolutePath.EndsWith("/endpointslices", StringComparison.Ordinal)
                ? """{"items":[{"endpoints":[{"addresses":["10.0.0.2"],"targetRef":{"kind":"Pod","name":"op-2"}}]}]}"""
                : """{"kind":"APIGroup","apiVersion":"v1","name":"discovery.k8s.io","versions":[{"groupVersion":"discovery.k8s.io/v1","version":"v1"}]}""";
            return Task.FromResult(new HttpResponseMessage(status)
            {
                Content = new StringContent(body, System.Text.Encoding.UTF8, "application/json"), RequestMessage = request,
            });
        }
    }
}
