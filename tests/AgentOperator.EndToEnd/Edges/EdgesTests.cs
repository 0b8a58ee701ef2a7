using System.Text;

namespace AgentOperator.EndToEnd.Edges;

/// <summary>What odd manifests, and users who change things at any time, can do to runs: nothing but what is said.</summary>
public sealed class EdgesTests : EndToEndTest
{
    private const int FewestManifests = 60;
    private const int FewestManipulations = 30;

    /// <summary>How often an object's reconcile may fail for the same reason. From three times on, the run says so.</summary>
    private const int MostFailures = 2;

    private const string WithoutFinalizers = """{"metadata":{"finalizers":null}}""";

    private readonly List<string> _ownNamespaces = [];

    [TearDown]
    public async Task RemoveOwnNamespacesAsync()
    {
        // After a failure they may still hold the namespace.
        foreach (var held in (string[])["arun/finalizer-foreign", "arun/deleted-and-held", "pod/pod-held-by-a-finalizer-1"])
        {
            await Kubectl.TryAsync(["patch", held, "--namespace", Namespace, "--type=merge", "-p", WithoutFinalizers]);
        }

        if (_ownNamespaces.Count > 0)
        {
            await Kubectl.RunAsync(["delete", "namespace", .. _ownNamespaces, "--ignore-not-found", "--wait=false"]);
        }
    }

    [Test]
    public async Task OddManifestsAndLiveManipulations_EachEndsAsExpected_AndNothingIsLeft()
    {
        var manifests = OddManifest.ReadAll();
        Assert.That(manifests.Count(manifest => manifest.Expected.Count > 0), Is.GreaterThanOrEqualTo(FewestManifests));
        Assert.That(LiveManipulations.All, Has.Count.GreaterThanOrEqualTo(FewestManipulations));
        var log = OperatorLog.FromNow(Cluster);
        var odd = new OddObjects(Cluster, Namespace, $"{Namespace}-odd");
        await Model.PutScenarioAsync($"{Namespace}-odd", new Scenario($"{Namespace}-odd").Answer("Done.").ToString());
        var valid = await StartValidAsync();

        await odd.CreateAsync(manifests);
        var manipulated = new LiveManipulations(Cluster, RunOf).RunAsync(LiveManipulations.All);
        var mismatches = await odd.SettleAsync(Patience);
        List<string> wrong = [.. mismatches, .. await manipulated, .. await odd.FindChangesAsync()];

        await valid.SucceededAsync(3);
        Assert.That(await EffectKeysAsync(), Is.EqualTo(new[] { "one", "two" }), "each effect of the valid run happens once");
        wrong.AddRange((await log.FailuresAsync()).Where(failure => failure.Count > MostFailures).Select(failure => $"repeats: {failure}"));
        wrong.AddRange(await DeleteAllAsync(odd));
        Assert.That(string.Join(Environment.NewLine, wrong), Is.Empty);
    }

    private Task<TestRun> StartValidAsync()
    {
        var scenario = NewScenario();
        scenario.Shell(scenario.Effect("one")).Shell($"{scenario.Effect("two")}; sleep 10").Answer("Done.");
        return StartAsync(scenario, name: "valid");
    }

    private LiveRun RunOf(Manipulation manipulation)
    {
        var scenario = $"{Namespace}-{manipulation.Name}";
        var ns = manipulation.IsAlone ? scenario : Namespace;
        if (manipulation.IsAlone)
        {
            lock (_ownNamespaces)
            {
                _ownNamespaces.Add(ns);
            }
        }

        return new LiveRun(Cluster, Observe(manipulation.Name, scenario, ns), scenario);
    }

    /// <summary>Deletes all runs, and what users made that belongs to no run.</summary>
    /// <returns>What is left of runs.</returns>
    private async Task<IReadOnlyList<string>> DeleteAllAsync(OddObjects odd)
    {
        await odd.DeleteForeignAsync();
        string[] namespaces = [Namespace, .. _ownNamespaces];
        await Kubectl.RunAsync(
            ["patch", "arun/finalizer-foreign", "--namespace", Namespace, "--type=merge", "-p", WithoutFinalizers]);
        foreach (var ns in namespaces)
        {
            await Kubectl.RunAsync(["delete", "agentruns", "--all", "--wait=false", "--namespace", ns]);
        }

        var left = "";
        try
        {
            await Eventually.TrueAsync(
                "everything of the runs to go",
                async () =>
                {
                    var found = new StringBuilder();
                    foreach (var ns in namespaces)
                    {
                        found.Append(await Kubectl.RunAsync(["get", "agentruns,journalsegments,pods", "--namespace", ns, "--output", "name"]));
                    }

                    return (left = found.ToString()).Length == 0;
                },
                Patience);
        }
        catch (TimeoutException)
        {
            // What is left says what was waited for.
        }

        return [.. left.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(name => $"left: {name}")];
    }
}
