using System.Net;
using AgentOperator.Gateway.Peers;
using k8s;

namespace AgentOperator.Tests.Gateway;

[TestFixture]
internal sealed class ServiceEndpointsTests
{
    private const string Draining =
        """{"addresses":["10.0.0.3"],"conditions":{"ready":false,"serving":true,"terminating":true},"targetRef":{"kind":"Pod","name":"op-3"}}""";

    [TestCase("v1", "v1", "v1beta1")]
    [TestCase("v1", "v1")]
    [TestCase("v1beta1", "v1beta1")]
    public async Task List_ReadsTheNewestVersionThatIsServed(string read, params string[] served)
    {
        var server = new Server(served);
        var endpoints = await server.Endpoints().ListAsync("home", "gateway", default);
        Assert.That(endpoints.Select(endpoint => endpoint.TargetRef?.Name), Is.EqualTo(new[] { "op-3" }));
        Assert.That(server.Asked, Is.EqualTo(new[]
        {
            "/apis/discovery.k8s.io/",
            $"/apis/discovery.k8s.io/{read}/namespaces/home/endpointslices?labelSelector=kubernetes.io/service-name=gateway&watch=false",
        }));
    }

    [Test]
    public async Task List_Again_DoesNotLookForTheVersion()
    {
        var server = new Server("v1");
        var endpoints = server.Endpoints();
        await endpoints.ListAsync("home", "gateway", default);
        await endpoints.ListAsync("home", "gateway", default);
        Assert.That(server.Asked, Has.Count.EqualTo(3));
    }

    [Test]
    public async Task List_ServerWasUpgraded_ReadsTheVersionThatItHasNow()
    {
        var server = new Server("v1beta1");
        var endpoints = server.Endpoints();
        await endpoints.ListAsync("home", "gateway", default);
        server.Versions = ["v1"];
        Assert.That(await endpoints.ListAsync("home", "gateway", default), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task List_ServerHasNoEndpointSlices_IsEmpty() =>
        Assert.That(await new Server().Endpoints().ListAsync("home", "gateway", default), Is.Empty);

    [Test]
    public async Task Others_OneDrains_IsAskedToo()
    {
        var endpoints = await new Server("v1").Endpoints().ListAsync("home", "gateway", default);
        Assert.That(GatewayPeers.Others(endpoints, "op-1"), Is.EqualTo(new[] { "10.0.0.3" }));
    }

    [TestCase(null, null, true)]
    [TestCase(true, null, true)]
    [TestCase(false, null, false, Description = "1.20 and 1.21 do not tell who serves")]
    [TestCase(false, true, true)]
    [TestCase(false, false, false)]
    public void Others_AreThoseThatServe(bool? ready, bool? serving, bool asked)
    {
        var endpoint = Endpoint("op-2", "10.0.0.2") with { Conditions = new EndpointConditions(ready, serving) };
        Assert.That(GatewayPeers.Others([endpoint], "op-1"), Is.EqualTo(asked ? new[] { "10.0.0.2" } : []));
    }

    [Test]
    public void Others_AreEachAskedOnce_AndThisReplicaIsNot() => Assert.That(
        GatewayPeers.Others(
            [
                Endpoint("op-1", "10.0.0.1"),
                Endpoint("op-2", "10.0.0.2"),
                Endpoint("op-1", "fd00::1"),
                Endpoint("op-2", "fd00::2"),
                new SliceEndpoint { Addresses = ["10.0.0.9", "10.0.0.10"] },
                new SliceEndpoint { Addresses = [] },
            ],
            "op-1"),
        Is.EqualTo(new[] { "10.0.0.2", "10.0.0.9" }));

    private static SliceEndpoint Endpoint(string pod, string address) => new() { Addresses = [address], TargetRef = new EndpointTarget(pod) };

    /// <summary>An API server with the given versions of EndpointSlices.</summary>
    private sealed class Server(params string[] versions) : DelegatingHandler
    {
        public string[] Versions { get; set; } = versions;

        public List<string> Asked { get; } = [];

        public ServiceEndpoints Endpoints() => new(new Kubernetes(new KubernetesClientConfiguration { Host = "http://api.example" }, this));

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var path = request.RequestUri!.PathAndQuery;
            Asked.Add(Uri.UnescapeDataString(path));
            var response = path == "/apis/discovery.k8s.io/" && Versions.Length > 0
                    ? Json($$"""{"kind":"APIGroup","name":"discovery.k8s.io","versions":[{{string.Join(',', Versions.Select(Version))}}]}""")
                : Versions.Any(version => path.StartsWith($"/apis/discovery.k8s.io/{version}/", StringComparison.Ordinal))
                    ? Json($$"""{"kind":"EndpointSliceList","items":[{"addressType":"IPv4","endpoints":[{{Draining}}]},{"endpoints":null}]}""")
                : new HttpResponseMessage(HttpStatusCode.NotFound) { Content = new StringContent("{}") };
            response.RequestMessage = request;
            return Task.FromResult(response);
        }

        private static string Version(string version) => $$"""{"groupVersion":"discovery.k8s.io/{{version}}","version":"{{version}}"}""";

        private static HttpResponseMessage Json(string body) => new(HttpStatusCode.OK) { Content = new StringContent(body) };
    }
}
