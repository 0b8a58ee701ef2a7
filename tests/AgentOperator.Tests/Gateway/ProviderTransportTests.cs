using AgentOperator.Api;
using AgentOperator.Gateway.Models;
using k8s.Models;

namespace AgentOperator.Tests.Gateway;

/// <summary>One HTTP handler for each ModelEndpoint, no longer than it is needed and no shorter.</summary>
[TestFixture]
internal sealed class ProviderTransportTests
{
    private static readonly ModelEndpointSpec Spec = new() { BaseUrl = "https://models.example/v1" };

    private readonly List<Handler> _handlers = [];
    private ProviderTransport _transport = null!;

    private static IEnumerable<TestCaseData> OtherConnections()
    {
        yield return new TestCaseData(Endpoint(Spec with { CaBundle = "a" })).SetArgDisplayNames("caBundle");
        yield return new TestCaseData(Endpoint(Spec with { ProxyUrl = "http://proxy" })).SetArgDisplayNames("proxyUrl");
        yield return new TestCaseData(Endpoint(Spec, uid: "other")).SetArgDisplayNames("another endpoint of the same name");
    }

    [SetUp]
    public void SetUp()
    {
        _handlers.Clear();
        _transport = new ProviderTransport(_ =>
        {
            var handler = new Handler();
            _handlers.Add(handler);
            return new HttpMessageInvoker(handler);
        });
    }

    [TearDown]
    public void TearDown() => _transport.Dispose();

    [Test]
    public void Rent_ConnectionsAreTheSame_IsOneHandler()
    {
        foreach (var spec in (ModelEndpointSpec[])[Spec, Spec with { }, Spec with { TimeoutSeconds = 5, BaseUrl = "https://other.example" }])
        {
            using var lease = _transport.Rent(Endpoint(spec));
        }

        Assert.That(_handlers.Select(handler => handler.IsDisposed), Is.EqualTo(new[] { false }));
    }

    [TestCaseSource(nameof(OtherConnections))]
    public void Rent_ConnectionsHaveChanged_TheOldHandlerIsDisposedAfterItsLastCall(ModelEndpoint changed)
    {
        var (first, second) = (_transport.Rent(Endpoint(Spec)), _transport.Rent(Endpoint(Spec)));
        using var now = _transport.Rent(changed);
        first.Dispose();
        Assert.That(_handlers.Select(handler => handler.IsDisposed), Is.EqualTo(new[] { false, false }), "a call is under way");
        second.Dispose();
        Assert.That(_handlers.Select(handler => handler.IsDisposed), Is.EqualTo(new[] { true, false }));
        Assert.That(_transport.Count, Is.EqualTo(1));
    }

    [Test]
    public void Rent_AnotherEndpoint_HasItsOwnHandler()
    {
        using var first = _transport.Rent(Endpoint(Spec));
        using var second = _transport.Rent(Endpoint(Spec, "other"));
        Assert.That(_handlers, Has.Count.EqualTo(2));
    }

    [Test]
    public void Forget_EndpointIsDeleted_ItsHandlerIsDisposedAndTheOthersAreNot()
    {
        _transport.Rent(Endpoint(Spec, "deleted")).Dispose();
        _transport.Rent(Endpoint(Spec)).Dispose();
        _transport.Forget(key => key.Name == "provider");
        Assert.That(_handlers.Select(handler => handler.IsDisposed), Is.EqualTo(new[] { true, false }));
    }

    /// <summary>Whoever rents while another changes the endpoint gets a handler that works.</summary>
    [Test]
    public async Task Rent_WhileTheEndpointChanges_IsNeverADisposedHandler()
    {
        await Task.WhenAll(Enumerable.Range(0, 4).Select(worker => Task.Run(() =>
        {
            for (var round = 0; round < 2_000; round++)
            {
                using var lease = _transport.Rent(Endpoint(Spec with { CaBundle = (round + worker) % 3 == 0 ? "a" : null }));
                using var request = new HttpRequestMessage(HttpMethod.Get, "https://models.example");
                lease.Http.Send(request, default).Dispose();
            }
        })));
        Assert.That(_handlers.Count(handler => !handler.IsDisposed), Is.EqualTo(1));
    }

    private static ModelEndpoint Endpoint(ModelEndpointSpec spec, string name = "provider", string uid = "uid") => new()
    {
        Metadata = new V1ObjectMeta { Name = name, NamespaceProperty = "agents", Uid = uid }, Spec = spec,
    };

    private sealed class Handler : HttpMessageHandler
    {
        public bool IsDisposed { get; private set; }

        protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            ObjectDisposedException.ThrowIf(IsDisposed, this);
            return new HttpResponseMessage();
        }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            IsDisposed = true;
            base.Dispose(disposing);
        }
    }
}
