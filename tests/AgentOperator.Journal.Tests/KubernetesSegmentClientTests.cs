using System.Net;
using System.Text;
using System.Text.Json;
using AgentOperator.Api;
using AgentOperator.ControlRuntime;
using AgentOperator.Protocol;
using k8s;
using Microsoft.Extensions.Time.Testing;

namespace AgentOperator.Journal.Tests;

/// <summary>Segments as the API server has them.</summary>
[TestFixture]
internal sealed class KubernetesSegmentClientTests
{
    private static readonly RunIdentity Run = new("team", "survey", "0a1b2c3d-0000-4000-8000-000000000001");

    /// <summary>A paid answer that waits for its commit is lost if the replica dies, so a request that hangs must not hold it up.</summary>
    [Test]
    public async Task Write_TheServerHangs_IsSentAgainWithinSeconds()
    {
        var time = new FakeTimeProvider();
        using var server = new HangingServer();
        using var kubernetes = new Kubernetes(new KubernetesClientConfiguration { Host = "http://api" }, server);
        using var store = new SegmentJournalStore(new KubernetesSegmentClient(kubernetes, new NoHeaders(), time), time);

        var starting = store.StartAsync(Run, "hash", JsonSerializer.SerializeToElement(new { task = "t" }), default);
        await server.Hanging;
        var began = time.GetUtcNow();
        time.Advance(TimeSpan.FromSeconds(10));
        while (!starting.IsCompleted)
        {
            time.Advance(TimeSpan.FromMilliseconds(0.1));
            await Task.Yield();
        }

        Assert.That(((await starting).Sequence, server.Writes), Is.EqualTo((1, 2)));
        Assert.That(time.GetUtcNow() - began, Is.LessThan(TimeSpan.FromSeconds(60)), "the client's own timeout is 100 s");
    }

    /// <summary>The schema cannot say that records are base64, so whoever writes segments can store any text.</summary>
    [Test]
    public async Task ReadHead_RecordIsNoBase64_JournalIsBroken()
    {
        using var server = new GarbageServer();
        using var kubernetes = new Kubernetes(new KubernetesClientConfiguration { Host = "http://api" }, server);
        using var store = new SegmentJournalStore(new KubernetesSegmentClient(kubernetes, new NoHeaders(), TimeProvider.System), TimeProvider.System);

        var exception = await Assert.ThrowsAsync<JournalException>(() => store.ReadHeadAsync(Run, default));

        Assert.That(exception!.Code, Is.EqualTo(ErrorCodes.JournalBroken));
        Assert.That(exception.Message, Does.Contain("survey.0a1b2c3d.00001").And.Contain("records").And.Not.Contain("no base64"));
    }

    /// <summary>Has a first segment with a record that is no base64.</summary>
    private sealed class GarbageServer : DelegatingHandler
    {
        private const string Segment = """
            {"apiVersion":"agentoperator.dev/v1alpha1","kind":"JournalSegment","metadata":{"name":"survey.0a1b2c3d.00001","resourceVersion":"7"},
             "spec":{"runName":"survey","runUid":"0a1b2c3d-0000-4000-8000-000000000001","index":1,"firstSequence":1,"count":1,"prevHash":"0",
              "headHash":"0","head":{"sequence":1,"epoch":0,"time":"2026-01-01T00:00:00Z"},"records":["no base64!"]}}
            """;

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK)
            {
                RequestMessage = request, Content = new StringContent(Segment, Encoding.UTF8, "application/json"),
            });
    }

    /// <summary>Says nothing to the first write, as a server does whose etcd is gone, and takes the next.</summary>
    private sealed class HangingServer : DelegatingHandler
    {
        private readonly TaskCompletionSource _hanging = new();

        public Task Hanging => _hanging.Task;

        public int Writes { get; private set; }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (request.Method == HttpMethod.Get)
            {
                return Answer(request, HttpStatusCode.NotFound, """{"kind":"Status","code":404,"reason":"NotFound"}""");
            }

            if (++Writes == 1)
            {
                _hanging.SetResult();
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
            }

            return Answer(request, HttpStatusCode.Created, """{"metadata":{"resourceVersion":"7"}}""");
        }

        private static HttpResponseMessage Answer(HttpRequestMessage request, HttpStatusCode status, string body) =>
            new(status) { RequestMessage = request, Content = new StringContent(body, Encoding.UTF8, "application/json") };
    }

    private sealed class NoHeaders : ILister<JournalSegmentHeader>
    {
        public JournalSegmentHeader? Get(ObjectKey key) => null;

        public IReadOnlyList<JournalSegmentHeader> List(string? namespaceName = null) => [];

        public IReadOnlyList<JournalSegmentHeader> ByOwner(string ownerUid) => [];

        public IReadOnlyList<JournalSegmentHeader> ByIndex(string index, string value) => [];
    }
}
