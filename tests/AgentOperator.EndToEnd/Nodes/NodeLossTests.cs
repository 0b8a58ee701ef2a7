using System.Globalization;
using k8s;
using k8s.Models;

namespace AgentOperator.EndToEnd.Nodes;

/// <summary>A node of two is lost, frozen or cut off. One test after the other, since all of them strike the same node.</summary>
[Parallelizable(ParallelScope.Self)]
public sealed class NodeLossTests : GuestTest
{
    private const string Unreachable = "node.kubernetes.io/unreachable";

    [Test]
    public async Task NodeKilled_RunGoesOnOnTheOther_AndTheNodeComesBack()
    {
        var (run, _) = await StartOnVictimAsync();
        try
        {
            await Guests.ControlAsync("kill", GuestNodes.Victim);
            await EffectAsync("begins-2");
        }
        finally
        {
            await Guests.ControlAsync("start", GuestNodes.Victim);
        }

        await AssertWentOnAsync(run);

        // The node is usable again: a run that fits nowhere else completes.
        await VictimIsReadyAsync();
        var back = await StartAsync(new Scenario(ScenarioName + "-back").Answer("Back."), SpecOn(GuestNodes.Victim, GuestNodes.GroupKill) with
        {
            Model = new ModelSpec { EndpointRef = new LocalReference { Name = Specs.Endpoint }, Name = ScenarioName + "-back" },
        }, "back");
        Assert.That((await back.FinishedAsync()).Phase, Is.EqualTo(Phases.Succeeded));
    }

    [Test]
    public async Task NodeFrozenAndWoken_RunGoesOnOnTheOther_AndTheStaleAgentCommitsNothing()
    {
        var (run, stale) = await StartOnVictimAsync();
        await Guests.ControlAsync("pause", GuestNodes.Victim);
        try
        {
            await EffectAsync("begins-2");
        }
        finally
        {
            await Guests.ControlAsync("continue", GuestNodes.Victim);
        }

        await StaleAgentEndsAsync(stale);
        await AssertWentOnAsync(run);
        await VictimIsReadyAsync();
    }

    [Test]
    public async Task NodeCutOffFromTheServer_PodDeleted_RunGoesOnOnTheOther_AndTheAgentThatLivesCommitsNothing()
    {
        var (run, stale) = await StartOnVictimAsync();
        var refused = await OperatorMetrics.RefusalsAsync(Cluster, "StaleEpoch");
        await Guests.ControlAsync("partition", GuestNodes.Victim);
        try
        {
            await Eventually.TrueAsync("the server to miss the node", async () => !IsReady(await VictimAsync()), Patience);
            Assert.That(await AgentOf(stale).IsAliveAsync(), "the agent lives on the node that is cut off");

            // The server does this by itself after five minutes. The node does not hear of it, so only the gateway can stop the agent.
            await run.KubectlAsync("delete", "pod", run.PodName(1), "--wait=false");
            await EffectAsync("begins-2");
            await StaleAgentEndsAsync(stale);
            Assert.That(await OperatorMetrics.RefusalsAsync(Cluster, "StaleEpoch"), Is.GreaterThan(refused), "requests refused with StaleEpoch");
        }
        finally
        {
            await Guests.ControlAsync("heal", GuestNodes.Victim);
        }

        await AssertWentOnAsync(run);
        await VictimIsReadyAsync();
    }

    [Test]
    public async Task NodeCutOffFromTheServer_ForLessThanFiveMinutes_AgentGoesOn()
    {
        var (run, _) = await StartOnVictimAsync();
        await Guests.ControlAsync("partition", GuestNodes.Victim);
        try
        {
            await Eventually.TrueAsync("the server to miss the node", async () => !IsReady(await VictimAsync()), Patience);
            await Model.AddEffectAsync(ScenarioName, "release-1");
            await EffectAsync("ends-1");
        }
        finally
        {
            await Guests.ControlAsync("heal", GuestNodes.Victim);
        }

        var status = await run.SucceededAsync(2);
        await TellAsync($"attempts {Ends(status)}");
        Assert.That(status.EndsOf(), Is.EqualTo(new[] { Outcomes.Completed }), "the agent was never silent");
        Assert.That(await EffectKeysAsync(), Is.EqualTo(new[] { "begins-1", "release-1", "ends-1" }));
        await VictimIsReadyAsync();
    }

    /// <summary>
    /// A run whose first attempt is on the victim, inside a tool call that ends when released. Later attempts may run on either guest.
    /// </summary>
    private async Task<(TestRun Run, V1Pod Pod)> StartOnVictimAsync()
    {
        await VictimIsReadyAsync();
        var scenario = NewScenario();
        string[] step = [scenario.Effect("begins-$AGENT_ATTEMPT"), scenario.Await("release-$AGENT_ATTEMPT"), scenario.Effect("ends-$AGENT_ATTEMPT")];
        scenario.Shell(string.Join("; ", step)).Answer("Done.");
        var label = $"agentoperator.dev/{ScenarioName}";
        await Kubectl.RunAsync(["label", "node", GuestNodes.Victim, $"{label}=yes"]);
        var run = await StartAsync(scenario, Specs.Of(ScenarioName) with
        {
            Sandbox = new SandboxSpec { RuntimeClassName = GuestNodes.GroupKill, NodeSelector = new Dictionary<string, string> { [label] = "yes" } },
        });
        await EffectAsync("begins-1");
        await run.PodIsReadyAsync(1);
        await Kubectl.RunAsync(["label", "node", GuestNodes.Steady, $"{label}=yes"]);
        return (run, await run.PodAsync(1, _ => true));
    }

    private static Task StaleAgentEndsAsync(V1Pod stale) =>
        Eventually.TrueAsync("the stale agent to end", async () => !await AgentOf(stale).IsAliveAsync(), Patience);

    /// <summary>The run's second attempt, on the other node, ended it; the first cost nothing and committed nothing.</summary>
    private async Task AssertWentOnAsync(TestRun run)
    {
        await Model.AddEffectAsync(ScenarioName, "release-2");
        var status = await run.SucceededAsync(2);
        var second = await run.PodAsync(2, _ => true);
        await TellAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"attempts {Ends(status)}; failures {status.Failures ?? 0}; the second on {second.Spec.NodeName}; {status.Attempts![0].Message}"));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(status.EndsOf(), Is.EqualTo(new[] { Outcomes.NodeLost, Outcomes.Completed }));
            Assert.That(status.Failures ?? 0, Is.Zero, "the loss of a node is no failure of the agent");
            Assert.That(second.Spec.NodeName, Is.EqualTo(GuestNodes.Steady));
            Assert.That(status.Usage!.ToolCalls, Is.EqualTo(1), "a stale agent's result is not committed");
        }

        Assert.That(await EffectKeysAsync(), Is.EqualTo(new[] { "begins-1", "begins-2", "release-2", "ends-2" }));
    }

    private static string Ends(AgentRunStatus status) => string.Join(", ", status.EndsOf());

    private static Task VictimIsReadyAsync() =>
        Eventually.TrueAsync($"{GuestNodes.Victim} to be ready", async () => IsReady(await VictimAsync()), Patience);

    private static Task<V1Node> VictimAsync() => Cluster.Client.CoreV1.ReadNodeAsync(GuestNodes.Victim);

    private static bool IsReady(V1Node node) =>
        node.Status.Conditions.Any(condition => condition is { Type: "Ready", Status: "True" })
        && node.Spec.Taints?.Any(taint => taint.Key == Unreachable) != true;
}
