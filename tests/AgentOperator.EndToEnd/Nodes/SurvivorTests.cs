namespace AgentOperator.EndToEnd.Nodes;

/// <summary>The example that the demo shows, on a node with control groups of version 2 and group kill.</summary>
public sealed class SurvivorTests : GuestTest
{
    [Test]
    public async Task Survivor_OnControlGroupsVersion2_SucceedsWithNothingDoneTwice()
    {
        var scenario = await SurvivorExample.ScenarioAsync();
        await Model.PutScenarioAsync(ScenarioName, scenario);
        var run = Observe("survivor", ScenarioName);

        var sandbox = $"{{runtimeClassName: {GuestNodes.GroupKill}, nodeSelector: {{kubernetes.io/hostname: {GuestNodes.Steady}}}}}";
        await Kubectl.RunAsync(["apply", "--namespace", Namespace, "-f", "-"], await SurvivorExample.ManifestAsync(ScenarioName, sandbox));
        var status = await run.SucceededAsync(SurvivorExample.StepsOf(scenario), TimeSpan.FromMinutes(6));

        var pods = await Task.WhenAll(run.PodAsync(1, _ => true), run.PodAsync(2, _ => true));
        var kernel = string.Join(" | ", await AgentOf(pods[0]).KernelLogAsync());
        await TellAsync($"{EndOf(pods[0])}; kernel: {kernel}; then {pods[1].Status.Reason}: {pods[1].Status.Message?.Trim()}");
        await run.AssertSurvivedAsync(status);
        await Model.AssertEffectsOnceAsync(ScenarioName);
    }
}
