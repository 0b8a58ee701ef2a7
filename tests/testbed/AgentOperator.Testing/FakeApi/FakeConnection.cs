using System.Collections.Concurrent;
using k8s;

namespace AgentOperator.Testing.FakeApi;

/// <summary>A client's connection to a fake API server in the same process, and all that went over it. Watches send nothing.</summary>
internal sealed class FakeConnection : DelegatingHandler
{
    private readonly ConcurrentQueue<(FakeRequest Request, FakeAnswer Answer)> _exchanges = new();

    /// <param name="server">The server; another client's connection may be to the same.</param>
    public FakeConnection(FakeKubernetes server)
    {
        Server = server;
        Client = new Kubernetes(new KubernetesClientConfiguration { Host = "http://fake.example" }, this);
    }

    public FakeKubernetes Server { get; }

    public Kubernetes Client { get; }

    /// <summary>How a request reaches the server. A test may lose the request or the answer.</summary>
    public Func<FakeRequest, Func<FakeAnswer>, FakeAnswer> Route { get; set; } = (_, answer) => answer();

    /// <summary>Called when a watch opens.</summary>
    public Action WatchOpened { get; set; } = () => { };

    /// <summary>Every request that reached the server, in order, whether or not its answer was lost.</summary>
    public IReadOnlyCollection<(FakeRequest Request, FakeAnswer Answer)> Exchanges => _exchanges;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var read = await FakeRequest.ReadAsync(request, cancellationToken);
        if (read.IsWatch)
        {
            WatchOpened();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        }

        return Route(read, () => Answer(read)).ToMessage(request);
    }

    private FakeAnswer Answer(FakeRequest request)
    {
        var answer = Server.Answer(request);
        _exchanges.Enqueue((request, answer));
        return answer;
    }
}
