namespace AgentOperator.EndToEnd.Survival;

/// <summary>The example that the demo shows.</summary>
public sealed class SurvivorTests : EndToEndTest
{
    private const string DemoUrl = "http://model-server.agentoperator-demo.svc/v1";

    private static readonly string[] Effects =
        ["orders", "late", "busiest", "morning", "evening", "mean", "matrix", "nearest", "routes", "hour", "simulation"];

    [Test]
    public async Task Survivor_OutOfMemoryThenEviction_SucceedsWithNothingDoneTwice()
    {
        var scenario = await File.ReadAllTextAsync(Repository.PathOf("tests/AgentOperator.ModelServer/scenarios/survivor.yaml"));
        await Model.PutScenarioAsync(ScenarioName, scenario);
        var run = Observe("survivor", ScenarioName);

        await Kubectl.RunAsync(["apply", "--namespace", Namespace, "-f", "-"], await ManifestAsync());
        var status = await run.SucceededAsync(scenario.Split("\n- ").Length - 1, TimeSpan.FromMinutes(6));

        var attempts = status.Attempts!;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(status.EndsOf(), Is.EqualTo(new[] { Outcomes.OutOfMemory, Outcomes.Evicted, Outcomes.Completed }));
            Assert.That(attempts[0].Reason, Is.EqualTo("OOMKilled"));
            Assert.That(attempts[0].ExitCode, Is.EqualTo(137));
            Assert.That(attempts[1].Reason, Is.EqualTo("Evicted"));
            Assert.That(attempts.Select(attempt => attempt.MemoryLimit), Is.EqualTo(new[] { "64Mi", "128Mi", "128Mi" }));
            Assert.That(status.Failures ?? 0, Is.Zero, "neither is the agent's failure");
        }

        // What the kubelet itself says of the pods, which are kept for their logs.
        var first = await run.PodAsync(1, _ => true);
        var second = await run.PodAsync(2, _ => true);
        Assert.That(first.Status.ContainerStatuses[0].State.Terminated.Reason, Is.EqualTo("OOMKilled"));
        Assert.That(second.Status.Reason, Is.EqualTo("Evicted"));
        await AssertEffectsOnceAsync();
    }

    private async Task AssertEffectsOnceAsync()
    {
        var conversation = (await Model.ConversationsAsync(ScenarioName)).Single();
        var keys = (await Model.EffectsOfRunAsync(conversation)).Select(effect => effect.Key).ToList();
        Assert.That(keys, Is.Unique);
        Assert.That(keys, Is.SupersetOf(Effects));
    }

    /// <summary>The example as it is, but with this test's model.</summary>
    private async Task<string> ManifestAsync()
    {
        var example = await File.ReadAllTextAsync(Repository.PathOf("examples/survivor.yaml"));
        Assert.That(example, Does.Contain($"baseUrl: {DemoUrl}\n").And.Contain("\n    name: survivor\n"));
        return example
            .Replace($"baseUrl: {DemoUrl}\n", $"baseUrl: {ModelServer.BaseUrl}\n  apiKeySecretRef: {{name: scripted, key: key}}\n", StringComparison.Ordinal)
            .Replace("\n    name: survivor\n", $"\n    name: {ScenarioName}\n", StringComparison.Ordinal);
    }
}
