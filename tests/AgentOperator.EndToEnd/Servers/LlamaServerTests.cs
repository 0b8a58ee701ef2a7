using System.Text.Json;

namespace AgentOperator.EndToEnd.Servers;

/// <summary>A server that people run their models with. Its model has random weights: its calls make no sense, but are valid.</summary>
public sealed class LlamaServerTests() : ServerTest(ServerImages.Llama)
{
    private const string Server = "llama";
    private const string Files = "model";
    private const string ModelFile = "tiny.gguf";
    private const int MaxSteps = 6;

    /// <summary>A step takes a fraction of a second. At this rate, two replicas serve fewer than all of them before the pod is lost.</summary>
    private const string TwoCallsAMinute = "requestsPerMinute: 2";

    [Test]
    public async Task ToolCallsByAGrammar_PodIsLostMidRun_EachAnswerIsMadeOnceAndTheEndIsTrue()
    {
        await StartLlamaAsync();
        var spec = Specs.Of("tiny", ToolEffect.Pure);
        var run = Observe("run", "tiny");
        await ApplyAsync(Manifests.Of(
            spec with
            {
                Model = new ModelSpec { EndpointRef = new LocalReference { Name = Server }, Name = "tiny", MaxOutputTokens = 400 },
                Limits = new LimitsSpec { MaxSteps = MaxSteps },
            },
            Namespace,
            "run"));

        await run.UntilAsync("a tool call", status => status.Usage?.ToolCalls >= 1);
        await run.ForceDeletePodAsync(1);
        await ApplyEndpointAsync();
        var status = await run.FinishedAsync();

        var outcomes = await run.ToolOutcomesAsync();
        var paid = await PredictedTokensAsync();
        await TestContext.Out.WriteLineAsync(string.Join('\n', outcomes.Select(outcome => $"{outcome.Epoch} {outcome.Kind}: {outcome.Content}")));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(status.EndsOf(), Is.EqualTo(new[] { Outcomes.PodDeleted, Outcomes.BudgetExhausted }));
            Assert.That(status.Phase, Is.EqualTo(Phases.Failed));
            Assert.That(status.Condition(ConditionTypes.Finished)?.Message, Does.Contain("maxSteps"));
            Assert.That(status.Usage?.ModelCalls, Is.EqualTo(MaxSteps));
            Assert.That(outcomes, Has.Count.GreaterThanOrEqualTo(MaxSteps));
            Assert.That(paid, Is.EqualTo(status.Usage?.CompletionTokens), "the server's own count: nothing was asked twice");
        }
    }

    private async Task StartLlamaAsync()
    {
        await ApplyAsync(JsonSerializer.Serialize(new
        {
            apiVersion = "v1",
            kind = "ConfigMap",
            metadata = new { name = Files, @namespace = Namespace },
            binaryData = new Dictionary<string, byte[]> { [ModelFile] = TinyModel.Write() },
        }));
        await StartServerAsync(
            Server,
            [
                "--model", $"/files/{ModelFile}", "--alias", "tiny", "--host", "0.0.0.0", "--port", "8080", "--jinja", "--ctx-size", "32768",
                "--parallel", "1", "--seed", "1", "--metrics", "--no-warmup",
            ],
            files: Files);
        await ApplyEndpointAsync(TwoCallsAMinute);
    }

    private Task ApplyEndpointAsync(string limit = "") => ApplyAsync($$"""
        apiVersion: agentoperator.dev/v1alpha1
        kind: ModelEndpoint
        metadata: {name: {{Server}}, namespace: {{Namespace}} }
        spec:
          baseUrl: http://{{Server}}.{{Namespace}}.svc/v1
          {{limit}}
        """);

    private async Task<double> PredictedTokensAsync() => Metrics.Parse(
        await Cluster.Api.GetTextAsync($"api/v1/namespaces/{Namespace}/services/http:{Server}:80/proxy/metrics"))
        .Sum("llamacpp:tokens_predicted_total");
}
