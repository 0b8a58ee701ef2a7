namespace AgentOperator.EndToEnd.Providers;

/// <summary>I16: a Secret is sent to a provider only if it says so itself.</summary>
public sealed class KeyNotAllowedTests : EndToEndTest
{
    private const string Name = "unmarked";

    [Test]
    public async Task SecretIsNotMarked_RunWaitsUntilTheMessagesCommandIsRun()
    {
        await ApplyAsync($$"""
            apiVersion: v1
            kind: Secret
            metadata: {name: {{Name}}, namespace: {{Namespace}} }
            stringData: {key: {{TestCluster.ModelKey}} }
            ---
            apiVersion: agentoperator.dev/v1alpha1
            kind: ModelEndpoint
            metadata: {name: {{Name}}, namespace: {{Namespace}} }
            spec:
              baseUrl: {{ModelServer.BaseUrl}}
              apiKeySecretRef: {name: {{Name}}, key: key}
              allowPlainHttp: true
            """);
        var spec = Specs.Of(ScenarioName);
        var run = await StartAsync(
            NewScenario().Answer("Done."), spec with { Model = spec.Model with { EndpointRef = new LocalReference { Name = Name } } });

        var waiting = await run.UntilAsync(
            "the run to wait for the Secret",
            status => status.Phase == Phases.Waiting && status.Condition(ConditionTypes.Running)?.Reason == Reasons.KeyNotAllowed);
        Assert.That((await Model.CallsAsync(ScenarioName)).GetArrayLength(), Is.Zero);

        var command = waiting.WaitingFor!.Split('"')[1].Split(' ');
        Assert.That(command[0], Is.EqualTo("kubectl"));
        await Kubectl.RunAsync(command[1..]);

        var status = await run.SucceededAsync(1);
        Assert.That(status.EndsOf(), Is.EqualTo(new[] { Outcomes.EndpointDown, Outcomes.Completed }));
        Assert.That(status.Failures ?? 0, Is.Zero);
    }
}
