using AgentOperator.Integration.Support;

namespace AgentOperator.Integration.Chart;

/// <summary>
/// The CRDs outlive releases and may be older than them. A release uses those that exist and upgrades those that it owns.
/// </summary>
public sealed class DefinitionOwnershipTests
{
    private const string Run = "kept";
    private static readonly string[] Definitions =
    [
        "agentruns.agentoperator.dev",
        "journalsegments.agentoperator.dev",
        "modelendpoints.agentoperator.dev",
    ];
    private static readonly string Chart = Repository.PathOf("charts/agent-operator");

    private readonly List<(string Name, TestNamespace Namespace)> _installed = [];
    private TestNamespace _first = null!;
    private TestNamespace _second = null!;
    private string _olderChart = "";

    [SetUp]
    public async Task SetUpAsync()
    {
        ControlPlane.RequireOurs("deletes the definitions and with them every AgentRun");
        _first = await ControlPlane.CreateNamespaceAsync();
        _second = await ControlPlane.CreateNamespaceAsync();
        _olderChart = MakeOlderChart();
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

        Directory.Delete(_olderChart, recursive: true);
        await DeleteDefinitionsAsync();
        await ControlPlane.ApplyDefinitionsAsync();
        await _first.DisposeAsync();
        await _second.DisposeAsync();
    }

    [Test]
    public async Task Install_OverDefinitionsThatKubectlApplied_UsesThemAndSaysHowToUpgradeThem()
    {
        var notes = await InstallAsync("first", _first, Chart);
        await HelmAsync("upgrade", "first", _first, Chart);
        await UninstallAsync("first", _first);

        Assert.That(
            notes, Does.Contain("agentruns.agentoperator.dev (managed by no Helm release)").And.Contain("kubectl apply --server-side -f crds/"));
        Assert.That(await OwnersAsync(), Is.EqualTo(new[] { "/", "/", "/" }));
    }

    [Test]
    public async Task Upgrade_OwnDefinitions_AreUpgraded()
    {
        await DeleteDefinitionsAsync();

        var notes = await InstallAsync("first", _first, _olderChart);
        var before = await ShortNamesAsync();
        await HelmAsync("upgrade", "first", _first, Chart);

        Assert.That(notes, Does.Not.Contain("not managed by this release"));
        Assert.That(before, Does.Contain("olderrun"));
        Assert.That(await ShortNamesAsync(), Does.Not.Contain("olderrun"));
    }

    [Test]
    public async Task Uninstall_ThenAnotherReleaseElsewhere_RunsAreKeptAndTheDefinitionsCanBeHandedOver()
    {
        await DeleteDefinitionsAsync();
        await InstallAsync("first", _first, _olderChart);
        await CreateRunAsync();
        await UninstallAsync("first", _first);

        var notes = await InstallAsync("second", _second, Chart);
        await HelmAsync("upgrade", "second", _second, Chart);
        Assert.That(notes, Does.Contain($"agentruns.agentoperator.dev (managed by release first in namespace {_first.Name})"));
        Assert.That(await ShortNamesAsync(), Does.Contain("olderrun"), "another release's definitions are left alone");

        await RunCommandsAsync(notes);
        await HelmAsync("upgrade", "second", _second, Chart);
        Assert.That(await ShortNamesAsync(), Does.Not.Contain("olderrun"), "it is the second's now");
        Assert.That(await OwnersAsync(), Is.All.EqualTo($"second/{_second.Name}"));
        Assert.That(await RunAsync(), Is.EqualTo(Run));
    }

    [Test]
    public async Task DefinitionsHandedOver_FormerOwnerIsUpgradedAndUninstalled_DefinitionsAndRunsStay()
    {
        await DeleteDefinitionsAsync();
        await InstallAsync("first", _first, Chart, "--set", "crds.keep=false");
        await CreateRunAsync();
        await RunCommandsAsync(await InstallAsync("second", _second, Chart));

        await HelmAsync("upgrade", "first", _first, Chart, "--set", "crds.keep=false");
        await UninstallAsync("first", _first);

        Assert.That(await OwnersAsync(), Is.All.EqualTo($"second/{_second.Name}"));
        Assert.That(await RunAsync(), Is.EqualTo(Run));
    }

    private async Task<string> InstallAsync(string release, TestNamespace space, string chart, params string[] more)
    {
        var notes = await HelmAsync("install", release, space, chart, more);
        _installed.Add((release, space));
        return notes;
    }

    private async Task UninstallAsync(string release, TestNamespace space)
    {
        await ControlPlane.HelmAsync("uninstall", release, "--namespace", space.Name);
        _installed.Remove((release, space));
    }

    private static Task<string> HelmAsync(string command, string release, TestNamespace space, string chart, params string[] more) =>
        ControlPlane.HelmAsync(
            [command, release, chart, "--namespace", space.Name, "--set", $"watchNamespace={space.Name}", "--server-side=false", .. more]);

    /// <summary>Types what the notes tell a user to type.</summary>
    private static async Task RunCommandsAsync(string notes)
    {
        var commands = notes.Split('\n', StringSplitOptions.TrimEntries).Where(line => line.StartsWith("kubectl label", StringComparison.Ordinal)
            || line.StartsWith("kubectl annotate", StringComparison.Ordinal)).ToList();
        Assert.That(commands, Has.Count.EqualTo(2));
        foreach (var command in commands)
        {
            await ControlPlane.KubectlAsync(command.Split(' ')[1..]);
        }
    }

    private Task CreateRunAsync() => ControlPlane.KubectlWithInputAsync(
        $$"""
        apiVersion: agentoperator.dev/v1alpha1
        kind: AgentRun
        metadata: {name: {{Run}}, namespace: {{_second.Name}} }
        spec: {task: Say hello., model: {endpointRef: {name: none}, name: none} }
        """,
        "apply", "--validate=false", "-f", "-");

    private Task<string> RunAsync() =>
        ControlPlane.KubectlAsync("get", "agentrun", Run, "--namespace", _second.Name, "--output", "jsonpath={.metadata.name}");

    private static Task<string> ShortNamesAsync() =>
        ControlPlane.KubectlAsync("get", "crd", Definitions[0], "--output", "jsonpath={.spec.names.shortNames}");

    /// <summary>Each definition's release and its namespace.</summary>
    private static async Task<string[]> OwnersAsync() => (await ControlPlane.KubectlAsync(
        ["get", "crd", .. Definitions, "--output",
            """jsonpath={range .items[*]}{.metadata.annotations.meta\.helm\.sh/release-name}/"""
                + """{.metadata.annotations.meta\.helm\.sh/release-namespace}{"\n"}{end}"""]))
        .Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static Task DeleteDefinitionsAsync() => ControlPlane.KubectlAsync(["delete", "crd", "--ignore-not-found", .. Definitions]);

    /// <summary>The chart with a definition that a later version changes.</summary>
    private static string MakeOlderChart()
    {
        var copy = Directory.CreateTempSubdirectory("older-chart-").FullName;
        foreach (var file in Directory.EnumerateFiles(Chart, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(copy, Path.GetRelativePath(Chart, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }

        var definition = Path.Combine(copy, "files/crds/agentoperator.dev_agentruns.yaml");
        var text = File.ReadAllText(definition);
        Assert.That(text, Does.Contain("    - arun\n"));
        File.WriteAllText(definition, text.Replace("    - arun\n", "    - arun\n    - olderrun\n", StringComparison.Ordinal));
        return copy;
    }
}
