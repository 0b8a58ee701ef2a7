using System.Text.Json.Nodes;
using AgentOperator.ModelServer.Calls;
using AgentOperator.ModelServer.Scenarios;
using AgentOperator.ModelServer.Tests.Support;

namespace AgentOperator.ModelServer.Tests.Scenarios;

internal sealed class BundledScenariosTests : ModelServerFixture
{
    // Attempts per step that are more than any bundled step's faults.
    private const int MaxAttempts = 10;

    [TestCase("hello", 1, 0)]
    [TestCase("tools", 4, 0)]
    [TestCase("flaky", 6, 9)]
    [TestCase("survivor", 15, 0)]
    [TestCase("long-200", 201, 0)]
    public async Task Play_FromStartToEnd_AnswersEachStepOnce(string name, int steps, int faults)
    {
        var scenario = ScenarioReader.Read(name, await File.ReadAllTextAsync(Path.Combine(Options.ScenariosDirectory, name + ".yaml")));
        var request = Ask(name).Task($"Play {name}.");
        for (var step = 0; step < steps; step++)
        {
            var message = Choice(await AnswerAfterFaultsAsync(request))["message"]!;
            var calls = message["tool_calls"]?.AsArray();
            Assert.That(calls is null, Is.EqualTo(step == steps - 1), $"step {step}: only the last step has no calls");
            request.Message(message.DeepClone().AsObject());
            foreach (var call in calls ?? [])
                request.Message(
                    new JsonObject { ["role"] = "tool", ["tool_call_id"] = (string?)call!["id"], ["content"] = Result(scenario, step + 1) });
        }

        var summary = Server.Log.Summarize();
        Assert.That((summary.ModelCalls, summary.RepeatedModelCalls, summary.Faults), Is.EqualTo((steps, 0, faults)));
        Assert.That(summary.Runs.Single().LastStep, Is.EqualTo(steps - 1));
    }

    // What the next step expects; a real tool's output is for the end-to-end tests.
    private string Result(Scenario scenario, int nextStep)
    {
        var run = Server.Log.List()[0].Run!;
        return new Placeholders(nextStep, run, "").Fill(scenario.StepAt(nextStep)?.Expect?.Contains ?? "done");
    }

    private async Task<JsonNode> AnswerAfterFaultsAsync(ChatRequestBuilder request)
    {
        for (var attempt = 0; attempt < MaxAttempts; attempt++)
        {
            try
            {
                using var response = await PostAsync(request);
                await response.Content.LoadIntoBufferAsync();
                if (Server.Log.List()[^1].Outcome == CallOutcome.Answered)
                    return JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
            }
            catch (HttpRequestException) when (Server.Log.List()[^1].Outcome == CallOutcome.Dropped)
            {
                // The drop that the scenario asks for: ask again.
            }
        }

        throw new AssertionException($"No answer in {MaxAttempts} attempts.");
    }
}
