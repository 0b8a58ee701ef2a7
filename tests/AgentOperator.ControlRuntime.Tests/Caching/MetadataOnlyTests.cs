using System.Text.Json.Nodes;
using AgentOperator.ControlRuntime.Tests.FakeApi;
using AgentOperator.ControlRuntime.Tests.Support;
using k8s.Models;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace AgentOperator.ControlRuntime.Tests.Caching;

internal sealed class MetadataOnlyTests
{
    private const string ConfigMaps = "api/v1/configmaps";

    private FakeApiServer _server = null!;
    private IHost _host = null!;
    private IInformer<V1ConfigMap> _informer = null!;

    [SetUp]
    public async Task SetUp()
    {
        _server = await FakeApiServer.StartNewAsync();
        Put("listed", "1");
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSingleton(_server.CreateClient());
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
        await _server.DisposeAsync();
    }

    [Test]
    public async Task ListAndWatch_MetadataOnly_AskForItAndCacheNothingElse()
    {
        await Eventually.BeTrueAsync(() => Get("listed") is not null && _server.OpenWatches == 1, "the list, and the watch");
        Put("watched", "2");
        await Eventually.BeTrueAsync(() => Get("watched") is not null, "the watched one");

        Assert.Multiple(() =>
        {
            foreach (var cached in _informer.List())
            {
                Assert.That(cached.Metadata.Labels["size"], Is.Not.Empty);
                Assert.That(cached.Data, Is.Null);
                Assert.That((cached.ApiVersion, cached.Kind), Is.EqualTo(("v1", "ConfigMap")), "not PartialObjectMetadata");
            }

            Assert.That(_server.Requests.Single(request => request.IsList).Accept, Does.StartWith("application/json;as=PartialObjectMetadataList;"));
            var watch = _server.Requests.Single(request => request is { IsWatch: true, IsStream: false });
            Assert.That(watch.Accept, Does.StartWith("application/json;as=PartialObjectMetadata;"));
        });
    }

    [Test]
    public async Task Watch_ServerSendsAllTheSame_CachesNothingElse()
    {
        await Eventually.BeTrueAsync(() => _server.OpenWatches == 1, "the watch");

        _server.Cluster.Announce(ConfigMaps, "ADDED", new JsonObject
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

        await Eventually.BeTrueAsync(() => Get("whole") is not null, "the whole one");
        Assert.That(Get("whole")!.Data, Is.Null);
    }

    private V1ConfigMap? Get(string name) => _informer.Get(new ObjectKey("team", name));

    private void Put(string name, string size) => _server.Cluster.Put(ConfigMaps, "team", name, new JsonObject
    {
        ["apiVersion"] = "v1",
        ["kind"] = "ConfigMap",
        ["metadata"] = new JsonObject { ["labels"] = new JsonObject { ["size"] = size } },
        ["data"] = new JsonObject { ["size"] = size },
    });
}
