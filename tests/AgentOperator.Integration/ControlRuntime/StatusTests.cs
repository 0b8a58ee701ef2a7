using AgentOperator.ControlRuntime;
using AgentOperator.Integration.Support;
using k8s.Autorest;

namespace AgentOperator.Integration.ControlRuntime;

internal sealed class StatusTests
{
    private TestNamespace _namespace = null!;
    private RuntimeHost _host = null!;
    private IObjectClient<Gadget> _gadgets = null!;

    [OneTimeSetUp]
    public Task InstallKind() => Gadgets.InstallAsync();

    [SetUp]
    public async Task SetUp()
    {
        _namespace = await ControlPlane.CreateNamespaceAsync();
        _host = await RuntimeHost.StartAsync(
            services => services.AddInformer<Gadget>(Gadget.Definition, options => options.Namespace = _namespace.Name));
        _gadgets = _host.Get<IObjectClient<Gadget>>();
        await Gadgets.CreateAsync(_namespace.Name, "a", 1);
    }

    [TearDown]
    public async Task TearDown()
    {
        await _host.DisposeAsync();
        await _namespace.DisposeAsync();
    }

    [Test]
    public async Task Apply_NewStatus_IsOwnedByTheManager()
    {
        await ApplyAsync("operator", new GadgetStatus { Phase = "Ready", ObservedSize = 1 });

        var gadget = await Gadgets.ReadAsync(_namespace.Name, "a");
        Assert.Multiple(() =>
        {
            Assert.That(gadget.Status, Is.EqualTo(new GadgetStatus { Phase = "Ready", ObservedSize = 1 }));
            Assert.That(gadget.Spec.Size, Is.EqualTo(1));
            Assert.That(gadget.Metadata.ManagedFields.Select(field => (field.Manager, field.Operation)), Does.Contain(("operator", "Apply")));
        });
    }

    [Test]
    public async Task Apply_SameStatusAgain_ChangesNothingOnTheServer()
    {
        await ApplyAsync("operator", new GadgetStatus { Phase = "Ready" });
        var before = await Gadgets.ReadAsync(_namespace.Name, "a");

        await ApplyAsync("operator", new GadgetStatus { Phase = "Ready" });

        Assert.That((await Gadgets.ReadAsync(_namespace.Name, "a")).Metadata.ResourceVersion, Is.EqualTo(before.Metadata.ResourceVersion));
    }

    [Test]
    public async Task Apply_FieldLeftOut_IsRemoved()
    {
        await ApplyAsync("operator", new GadgetStatus { Phase = "Ready", ObservedSize = 1 });

        await ApplyAsync("operator", new GadgetStatus { Phase = "Ready" });

        Assert.That((await Gadgets.ReadAsync(_namespace.Name, "a")).Status, Is.EqualTo(new GadgetStatus { Phase = "Ready" }));
    }

    [Test]
    public async Task Apply_FieldOfAnotherManager_IsTakenOver()
    {
        await ApplyAsync("somebody", new GadgetStatus { Phase = "Theirs" });

        await ApplyAsync("operator", new GadgetStatus { Phase = "Ours" });

        Assert.That((await Gadgets.ReadAsync(_namespace.Name, "a")).Status!.Phase, Is.EqualTo("Ours"));
    }

    [Test]
    public void Apply_ObjectIsGone_SaysNotFound() =>
        Assert.That(
            async () => await _gadgets.ApplyStatusAsync(
                new ObjectKey(_namespace.Name, "none"), "operator", Gadgets.Status("none", new GadgetStatus { Phase = "Ready" }),
                CancellationToken.None),
            Throws.TypeOf<HttpOperationException>().With.Matches<HttpOperationException>(exception => exception!.IsNotFound()));

    private Task ApplyAsync(string manager, GadgetStatus status) =>
        _gadgets.ApplyStatusAsync(new ObjectKey(_namespace.Name, "a"), manager, Gadgets.Status("a", status), CancellationToken.None);
}
