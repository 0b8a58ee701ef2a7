using System.Text.Json.Nodes;
using k8s.Models;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace AgentOperator.ControlRuntime.Tests.Caching;

internal sealed class MetadataOnlyTests : FakeApiTests
{
    private const string ConfigMaps = "api/v1/configmaps";

    private IHost _host = null!;
    private IInformer<V1ConfigMap> _informer = null!;

    [SetUp]
    public async Task SetUp()
    {
        Put("listed", "1");
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSingleton(Client);
        builder.Services.AddControlRuntime(runtime => runtime.LeaderElection = false);
        builder.Services.AddInformer<V1ConfigMap>(ResourceDefinition.Of<V1ConfigMap>(), options => options.MetadataOnly = true);
        _host = builder.Build();
        await _host.StartAsync(CancellationToken.None);
        _informer = _host.Services.GetRequiredService<IInformer<V1ConfigMap>>();
    }

    [TearDown]
    public async Task TearDown()
    {
        await _host.StopAsync(CancellationToken.None);
        _host.Dispose();
    }

    [Test]
    public async Task ListAndWatch_MetadataOnly_AskForItAndCacheNothingElse()
    {
        await Eventually.TrueAsync("the list, and the watch", () => Get("listed") is not null && Server.OpenWatches == 1);
        Put("watched", "2");
        await Eventually.TrueAsync("the watched one", () => Get("watched") is not null);

        Assert.Multiple(() =>
        {
            foreach (var cached in _informer.List())
            {
                Assert.That(cached.Metadata.Labels["size"], Is.Not.Empty);
                Assert.That(cached.Data, Is.Null);
                Assert.That((cached.ApiVersion, cached.Kind), Is.EqualTo(("v1", "ConfigMap")), "not PartialObjectMetadata");
            }

            Assert.That(Server.Requests.Single(request => request.IsList).Accept, Does.StartWith("application/json;as=PartialObjectMetadataList;"));
            var watch = Server.Requests.Single(request => request is { IsWatch: true, IsStream: false });
            Assert.That(watch.Accept, Does.StartWith("application/json;as=PartialObjectMetadata;"));
        });
    }

    [Test]
    public async Task Watch_ServerSendsAllTheSame_CachesNothingElse()
    {
        await Eventually.TrueAsync("the watch", () => Server.OpenWatches == 1);

        Server.Cluster.Announce(ConfigMaps, "ADDED", new JsonObject
        {
            ["apiVersion"] = "v1", ["kind"] = "ConfigMap", ["data"] = new JsonObject { ["a"] = "b" },
            ["whole"] = true, ["metadata"] = new JsonObject
            {
                ["name"] = "whole",
                ["namespace"] = "team",
                ["uid"] = "u",
                ["resourceVersion"] = "900",
            },
        });

        await Eventually.TrueAsync("the whole one", () => Get("whole") is not null);
        Assert.That(Get("whole")!.Data, Is.Null);
    }

    private V1ConfigMap? Get(string name) => _informer.Get(new ObjectKey("team", name));

    private void Put(string name, string size) => Server.Cluster.Put(ConfigMaps, "team", name, new JsonObject
    {
        ["apiVersion"] = "v1",
        ["kind"] = "ConfigMap",
        ["metadata"] = new JsonObject { ["labels"] = new JsonObject { ["size"] = size } },
        ["data"] = new JsonObject { ["size"] = size },
    });
}
