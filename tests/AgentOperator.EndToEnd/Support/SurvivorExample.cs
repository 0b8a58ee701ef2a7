namespace AgentOperator.EndToEnd.Support;

/// <summary>The example that the demo shows, with a test's own model.</summary>
internal static class SurvivorExample
{
    private const string DemoUrl = "http://model-server.agentoperator-demo.svc/v1";

    /// <summary>What its tools leave in the ledger, each once.</summary>
    public static IReadOnlyList<string> Effects { get; } =
        ["orders", "late", "busiest", "morning", "evening", "mean", "matrix", "nearest", "routes", "hour", "simulation"];

    public static Task<string> ScenarioAsync() =>
        File.ReadAllTextAsync(Repository.PathOf("tests/testbed/AgentOperator.ModelServer/scenarios/survivor.yaml"));

    /// <summary>How many answers the scenario has.</summary>
    public static int StepsOf(string scenario) => scenario.Split("\n- ").Length - 1;

    /// <summary>The example as it is, but for its model and, when given, where its pods run.</summary>
    /// <param name="scenario">The scenario's name at the model.</param>
    /// <param name="sandbox">YAML in flow style for <c>spec.sandbox</c>; null for none.</param>
    public static async Task<string> ManifestAsync(string scenario, string? sandbox = null)
    {
        var example = await File.ReadAllTextAsync(Repository.PathOf("examples/survivor.yaml"));
        Assert.That(example, Does.Contain($"baseUrl: {DemoUrl}\n").And.Contain("\n    name: survivor\n").And.Contain("\n  task: "));
        return example
            .Replace(
                $"baseUrl: {DemoUrl}\n",
                $"baseUrl: {ModelServer.BaseUrl}\n  apiKeySecretRef: {{name: scripted, key: key}}\n  allowPlainHttp: true\n",
                StringComparison.Ordinal)
            .Replace("\n    name: survivor\n", $"\n    name: {scenario}\n", StringComparison.Ordinal)
            .Replace("\n  task: ", sandbox is null ? "\n  task: " : $"\n  sandbox: {sandbox}\n  task: ", StringComparison.Ordinal);
    }

    /// <summary>Each effect is in the ledger, and none twice.</summary>
    public static async Task AssertEffectsOnceAsync(this ModelServer model, string scenario)
    {
        var conversation = (await model.ConversationsAsync(scenario)).Single();
        var keys = (await model.EffectsOfRunAsync(conversation)).Select(effect => effect.Key).ToList();
        Assert.That(keys, Is.Unique);
        Assert.That(keys, Is.SupersetOf(Effects));
    }
}
