using System.Net;
using System.Text;
using System.Text.Json;
using AgentOperator.Api;
using AgentOperator.ControlRuntime;
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
        time.Advance(TimeSpan.FromSeconds(10));
        while (!starting.IsCompleted)
        {
            time.Advance(TimeSpan.FromMilliseconds(1));
            await Task.Yield();
        }

        Assert.That(((await starting).Sequence, server.Writes), Is.EqualTo((1, 2)));
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
