using System.Collections.Concurrent;
using AgentOperator.ControlRuntime;
using AgentOperator.Integration.Support;
using k8s;
using k8s.Models;
using Microsoft.Extensions.DependencyInjection;

namespace AgentOperator.Integration.ControlRuntime;

internal sealed class ControllerTests
{
    private readonly ConcurrentQueue<ObjectKey> _reconciled = new();
    private TestNamespace _namespace = null!;

    [OneTimeSetUp]
    public Task InstallKind() => Gadgets.InstallAsync();

    [SetUp]
    public async Task SetUp()
    {
        _reconciled.Clear();
        _namespace = await ControlPlane.CreateNamespaceAsync();
    }

    [TearDown]
    public async Task TearDown() => await _namespace.DisposeAsync();

    [Test]
    public async Task Reconcile_ComparesBeforeItApplies_ComesToRest()
    {
        await using var host = await StartAsync();
        await Gadgets.CreateAsync(_namespace.Name, "a", 5);

        await Soon.BeTrueAsync(async () => (await Gadgets.ReadAsync(_namespace.Name, "a")).Status?.ObservedSize == 5, "the status");
        var version = (await Gadgets.ReadAsync(_namespace.Name, "a")).Metadata.ResourceVersion;
        var lister = host.Get<ILister<Gadget>>();
        await Soon.BeTrueAsync(() => lister.List().Single().Metadata.ResourceVersion == version, "the cache has the status");

        // One for the creation, one for the status, and at most one that read the cache before it held the status.
        await Gadgets.CreateAsync(_namespace.Name, "b", 1);
        await Soon.BeTrueAsync(() => _reconciled.Any(key => key.Name == "b"), "the next object");
        Assert.That(_reconciled.Count(key => key.Name == "a"), Is.LessThanOrEqualTo(3));
    }

    [Test]
    public async Task Reconcile_ChildIsDeleted_IsMadeAgain()
    {
        await using var host = await StartAsync();
        await Gadgets.CreateAsync(_namespace.Name, "a", 5);
        await Soon.BeTrueAsync(() => host.Get<ILister<V1ConfigMap>>().List().Count == 1, "the child");

        await ControlPlane.Client.CoreV1.DeleteNamespacedConfigMapAsync("a-child", _namespace.Name);

        await Soon.BeTrueAsync(
            async () =>
                (
                    await ControlPlane.Client.CoreV1.ListNamespacedConfigMapAsync(
                        _namespace.Name, fieldSelector: "metadata.name=a-child")).Items.Count == 1,
            "the child again");
    }

    private Task<RuntimeHost> StartAsync() => RuntimeHost.StartAsync(services =>
    {
        services.AddInformer<Gadget>(Gadget.Definition, options => options.Namespace = _namespace.Name);
        services.AddInformer<V1ConfigMap>(ResourceDefinition.Of<V1ConfigMap>(), options =>
        {
            options.Namespace = _namespace.Name;
            options.LabelSelector = "child=yes";
        });
        services.AddSingleton(_reconciled);
        services.AddController<GadgetReconciler>("gadgets", 2, controller => controller.For<Gadget>().Owns<V1ConfigMap>());
    });
}
