using k8s.Models;

namespace AgentOperator.EndToEnd.Nodes;

/// <summary>
/// A command of the agent uses up the container's memory. What is killed depends on <c>memory.oom.group</c>, which kubelets set since 1.28.
/// </summary>
[Parallelizable(ParallelScope.Self)]
public sealed class MemoryTests : GuestTest
{
    [Test]
    public async Task MemoryUsedUp_GroupKill_ContainerDiesAndNextAttemptHasMoreMemory()
    {
        var (run, pod, before) = await StartFullOfMemoryAsync(GuestNodes.GroupKill);

        var status = await run.SucceededAsync(3);

        var ended = await run.PodAsync(1, _ => true);
        var kernel = await AgentOf(pod).KernelLogAsync();
        await TellAsync($"{EndOf(ended)}; before: {before}; kernel: {Killed(kernel)}");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(before, Does.Contain("memory.oom.group=1"));
            Assert.That(kernel, Has.Some.Contains("due to memory.oom.group set"));
            Assert.That(ended.Status.ContainerStatuses[0].State.Terminated.Reason, Is.EqualTo("OOMKilled"));
            Assert.That(status.EndsOf(), Is.EqualTo(new[] { Outcomes.OutOfMemory, Outcomes.Completed }));
            Assert.That(status.Attempts![0].Reason, Is.EqualTo("OOMKilled"));
            Assert.That(status.Attempts[0].ExitCode, Is.EqualTo(137));
            Assert.That(status.Attempts.Select(attempt => attempt.MemoryLimit), Is.EqualTo(new[] { "96Mi", "144Mi" }));
            Assert.That(status.Failures ?? 0, Is.Zero);
        }

        Assert.That(await EffectKeysAsync(), Is.EqualTo(new[] { "ready-1", "go", "ready-2", "on", "over" }));
    }

    [Test]
    public async Task MemoryUsedUp_ChildKill_ModelIsToldAndTheAttemptGoesOn()
    {
        var (run, pod, before) = await StartFullOfMemoryAsync(GuestNodes.ChildKill, expect: "killed for memory");
        await EffectAsync("on");
        var after = await AgentOf(pod).MemoryAsync();
        await Model.AddEffectAsync(ScenarioName, "over");

        var status = await run.SucceededAsync(3);

        var ended = await run.PodAsync(1, PodHasEnded);
        var kernel = await AgentOf(pod).KernelLogAsync();
        await TellAsync($"{EndOf(ended)}; before: {before}; after: {after}; kernel: {Killed(kernel)}");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(before, Does.Contain("memory.oom.group=0"));
            Assert.That(kernel, Has.None.Contains("due to memory.oom.group set"));
            Assert.That(kernel, Has.Some.Contains("oom-kill:"), "the kernel killed the command");
            Assert.That(status.EndsOf(), Is.EqualTo(new[] { Outcomes.Completed }), "only the command dies");
            Assert.That(ended.Status.ContainerStatuses[0].State.Terminated.ExitCode, Is.Zero, "the container ends with its own exit code");
        }

        Assert.That(await EffectKeysAsync(), Is.EqualTo(new[] { "ready-1", "go", "on", "over" }));
    }

    /// <summary>A run whose first attempt has a command use up all memory; what its control group said just before.</summary>
    private async Task<(TestRun Run, V1Pod Pod, string Before)> StartFullOfMemoryAsync(string runtimeClass, string? expect = null)
    {
        var scenario = NewScenario();
        scenario.Shell($"{scenario.Effect("ready-$AGENT_ATTEMPT")}; [ \"$AGENT_ATTEMPT\" != 1 ] || {{ {scenario.Await("go")}; {EatMemory}; }}")
            .Shell($"{scenario.Effect("on")}; {scenario.Await("over")}", expect: expect)
            .Answer("Done.");
        var spec = SpecOn(GuestNodes.Steady, runtimeClass);
        var run = await StartAsync(scenario, spec with { Resources = spec.Resources with { Limits = new ResourceLimits { Memory = "96Mi" } } });
        await EffectAsync("ready-1");
        var pod = await run.PodAsync(1, _ => true);
        var before = await AgentOf(pod).MemoryAsync();
        await Model.AddEffectAsync(ScenarioName, "go");
        if (expect is null)
        {
            await EffectAsync("on");
            await Model.AddEffectAsync(ScenarioName, "over");
        }

        return (run, pod, before);
    }

    private const string EatMemory = "awk 'BEGIN { s = \"0123456789\"; while (1) s = s s }'";

    private static bool PodHasEnded(V1Pod pod) => pod.Status.ContainerStatuses?.FirstOrDefault()?.State?.Terminated is not null;

    private static string Killed(IReadOnlyList<string> kernel) => kernel.Count == 0 ? "nothing" : string.Join(" | ", kernel);
}
