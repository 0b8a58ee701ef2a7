namespace AgentOperator.Benchmarks.Nodes;

/// <summary>A run whose first attempt the kernel kills for memory while a tool works; all that a user may leave out is left out.</summary>
internal sealed class KilledRun(NodeNamespace place, string name)
{
    /// <summary>The most that a pod's /dev/shm holds, and so too much for a container whose limit it is.</summary>
    public const string Memory = "64Mi";

    private const string Waits = "waits";
    private const string Go = "go";

    /// <summary>Runs it.</summary>
    /// <param name="part">Where between two looks of the kubelet it is killed, from 0 to 1.</param>
    /// <returns>
    /// From the end of the agent's process to the moment when a watch shows what the next attempt committed first: the result of the tool that
    /// was under way. And to that agent's first line, which it writes when it has asked the gateway for its run.
    /// </returns>
    public async Task<(TimeSpan Recovered, TimeSpan FirstLine)> RecoverAsync(double part)
    {
        var scenario = new Scenario(name);
        scenario
            .Shell(
                $"[ \"$AGENT_ATTEMPT\" != 1 ] || "
                    + $"{{ {scenario.Effect(Waits)}; {scenario.Await(Go)}; head -c 64M /dev/zero > /dev/shm/full; sleep 300; }}; echo recovered")
            .Answer("Done.");
        await place.StartAsync(name, scenario, new ResourcesSpec { Limits = new ResourceLimits { Memory = Memory } });
        await place.EffectAsync(name, Waits);
        var (_, before) = await place.JournalAsync(name, "the first attempt", head => head.PodUid is not null);
        var agent = await place.FirstProcessAsync(before.PodUid!, PodProcesses.Runner);
        await place.BetweenLooksAsync(PodOf(before.Epoch), part);
        await place.Model.AddEffectAsync(name, Go);
        var ended = await agent.EndAsync();
        var (committed, _) = await place.JournalAsync(name, "the next attempt's first record", head => head.Epoch == before.Epoch + 1
            && head.ProgressSequence == head.Sequence);
        await place.SucceededAsync(name, [Outcomes.OutOfMemory, Outcomes.Completed]);
        return (committed - ended, await place.FirstLineAsync(PodOf(before.Epoch + 1)) - ended);
    }

    /// <summary>The image of its agent.</summary>
    public Task<string> ImageAsync() => place.ImageAsync(PodOf(1));

    private string PodOf(int attempt) => $"{name}-{attempt}";
}
