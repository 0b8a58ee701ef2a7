using NUnit.Framework.Interfaces;

namespace AgentOperator.EndToEnd.Support;

/// <summary>A test with a namespace, a model endpoint and a scenario name of its own.</summary>
public abstract class EndToEndTest
{
    private readonly List<TestRun> _runs = [];

    /// <summary>How long anything may take that takes seconds on an idle machine.</summary>
    internal static TimeSpan Patience => TimeSpan.FromMinutes(3);

    /// <summary>The test's namespace; its scenario and its effects have the same name.</summary>
    private protected string Namespace { get; private set; } = "";

    private protected string ScenarioName => Namespace;

    /// <summary>The parts of a local cluster whose logs are shown when the test fails.</summary>
    private protected virtual IReadOnlyList<string> Components => ["kubelet"];

    private protected static TestCluster Cluster => ClusterFixture.Cluster;

    private protected static Kubectl Kubectl => Cluster.Kubectl;

    private protected static ModelServer Model => Cluster.Model;

    [SetUp]
    public async Task CreateNamespaceAsync()
    {
        var test = new string([.. GetType().Name.Where(char.IsAsciiLetterOrDigit).Select(char.ToLowerInvariant)]);
        Namespace = $"{test[..Math.Min(test.Length, 30)]}-{Guid.NewGuid().ToString("n")[..8]}";
        await ApplyAsync(Manifests.Namespace(Namespace));
    }

    [TearDown]
    public async Task RemoveNamespaceAsync()
    {
        if (TestContext.CurrentContext.Result.Outcome.Status == TestStatus.Failed)
        {
            await Diagnostics.WriteAsync(Cluster, Namespace, Components);
        }

        var bounds = _runs.SelectMany(run => run.Observer.Seen).ToList();
        foreach (var run in _runs)
        {
            await run.DisposeAsync();
        }

        await Kubectl.RunAsync(["delete", "namespace", Namespace, "--wait=false"]);

        // Checked for every run of every test.
        Assert.That(bounds.Select(seen => seen.Bytes), Is.All.LessThan(16 * 1024), "a status must stay below 16 KiB");
    }

    private protected static Task<string> ApplyAsync(string manifest) => Kubectl.RunAsync(["apply", "-f", "-"], manifest);

    private protected Scenario NewScenario() => new(ScenarioName);

    /// <summary>Gives the scenario to the model and applies a run that plays it.</summary>
    private protected Task<TestRun> StartAsync(Scenario scenario, ToolEffect effect = ToolEffect.Pure, string name = "run") =>
        StartAsync(scenario, Specs.Of(ScenarioName, effect), name);

    /// <summary>Gives the scenario to the model and applies a run.</summary>
    private protected async Task<TestRun> StartAsync(Scenario scenario, AgentRunSpec spec, string name = "run")
    {
        await Model.PutScenarioAsync(spec.Model.Name, scenario.ToString());
        var run = Observe(name, spec.Model.Name);
        await ApplyAsync(Manifests.Of(spec, Namespace, name));
        return run;
    }

    /// <summary>Watches a run that the test applies itself.</summary>
    /// <param name="name">The run's name.</param>
    /// <param name="scenario">What it plays.</param>
    /// <param name="ns">Its namespace; null for the test's own.</param>
    private protected TestRun Observe(string name, string scenario, string? ns = null)
    {
        var run = new TestRun(Cluster, ns ?? Namespace, name, scenario);
        lock (_runs)
        {
            _runs.Add(run);
        }

        return run;
    }

    /// <summary>Waits until the effect is in the ledger: the way in which a tool tells how far it is.</summary>
    private protected Task EffectAsync(string key, TimeSpan? deadline = null) => Eventually.TrueAsync(
        $"the effect '{key}'", async () => (await Model.EffectsAsync(ScenarioName)).Any(effect => effect.Key == key), deadline ?? Patience);

    /// <summary>The keys in the ledger, in order.</summary>
    private protected async Task<IReadOnlyList<string>> EffectKeysAsync() =>
        [.. (await Model.EffectsAsync(ScenarioName)).Select(effect => effect.Key)];
}
