using AgentOperator.Integration.Support;

namespace AgentOperator.Integration.Chart;

/// <summary>Releases on a real server, beside each other and one after the other.</summary>
public sealed class ReleasesTests
{
    private static readonly string Chart = Repository.PathOf("charts/agent-operator");

    private readonly List<(string Name, TestNamespace Namespace)> _installed = [];
    private TestNamespace _home = null!;
    private TestNamespace _other = null!;

    [SetUp]
    public async Task SetUpAsync()
    {
        ControlPlane.RequireOurs("installs operators");
        _home = await ControlPlane.CreateNamespaceAsync();
        _other = await ControlPlane.CreateNamespaceAsync();
    }

    [TearDown]
    public async Task TearDownAsync()
    {
        if (!ControlPlane.IsOurs)
        {
            return;
        }

        foreach (var (name, space) in _installed.ToArray())
        {
            await UninstallAsync(name, space);
        }

        await _home.DisposeAsync();
        await _other.DisposeAsync();
    }

    [TestCase("1a")]
    [TestCase("r.e.l")]
    public async Task Install_NameThatIsNoServicesName_IsInstalledAndUninstalled(string release)
    {
        await InstallAsync(release, _home, _home.Name);
        await UninstallAsync(release, _home);

        Assert.That(await ClusterWideAsync(), Does.Not.Contain(_home.Name));
    }

    [Test]
    public async Task Install_BesideAnotherInItsNamespace_EachHasALeaseOfItsOwn()
    {
        await InstallAsync("blue", _home, _home.Name);
        await InstallAsync("green", _home, _other.Name);

        Assert.That(
            (await ControlPlane.KubectlAsync(
                "get", "deployments", "--namespace", _home.Name, "--output",
                "jsonpath={.items[*].spec.template.spec.containers[0].env[?(@.name==\"AgentOperator__LeaseName\")].value}")).Split(' '),
            Is.EquivalentTo(new[] { "blue-agent-operator", "green-agent-operator" }));
    }

    [TestCase(false, false)]
    [TestCase(false, true)]
    [TestCase(true, false)]
    [TestCase(true, true)]
    public async Task Install_AnotherWatchesItsNamespace_IsRefusedAndSaysWhoDoes(bool otherWatchesAll, bool watchesAll)
    {
        await InstallAsync("blue", _other, otherWatchesAll ? "" : _home.Name);

        var refused = await ControlPlane.TryHelmAsync(Arguments("install", "green", _home, watchesAll ? "" : _home.Name));

        var watched = otherWatchesAll ? "all namespaces" : $"namespace {_home.Name}";
        Assert.That(refused.ExitCode, Is.Not.Zero);
        Assert.That(
            refused.Text, Does.Contain($"watchNamespace: release blue in namespace {_other.Name} ").And.Contain($"already watches {watched}"));
    }

    [Test]
    public async Task Upgrade_OfTheOnlyRelease_IsNotTakenForAnother()
    {
        await InstallAsync("blue", _home, "");

        await ControlPlane.HelmAsync(Arguments("upgrade", "blue", _home, _home.Name));
    }

    [Test]
    public async Task Install_AfterAnUninstallElsewhere_NothingIsInTheWay()
    {
        await InstallAsync("blue", _other, "");
        await UninstallAsync("blue", _other);

        await InstallAsync("blue", _home, "");

        Assert.That(await ClusterWideAsync(), Does.Not.Contain(_other.Name).And.Contain(_home.Name));
    }

    private async Task InstallAsync(string release, TestNamespace space, string watched)
    {
        await ControlPlane.HelmAsync(Arguments("install", release, space, watched));
        _installed.Add((release, space));
    }

    private async Task UninstallAsync(string release, TestNamespace space)
    {
        await ControlPlane.HelmAsync("uninstall", release, "--namespace", space.Name);
        _installed.Remove((release, space));
    }

    private static string[] Arguments(string command, string release, TestNamespace space, string watched) =>
        [command, release, Chart, "--namespace", space.Name, "--server-side=false", "--set", $"watchNamespace={watched},replicaCount=1"];

    /// <summary>The names of the cluster-wide objects of all releases.</summary>
    private static Task<string> ClusterWideAsync() => ControlPlane.KubectlAsync(
        "get", "clusterroles,clusterrolebindings", "--selector", "app.kubernetes.io/name=agent-operator", "--output", "name");
}
