namespace AgentOperator.EndToEnd.Edges;

/// <summary>Runs the manipulations, several at a time.</summary>
internal sealed class LiveManipulations(TestCluster cluster, Func<Manipulation, LiveRun> runOf)
{
    /// <summary>How many agents are at work at a time. Pods that all start at once on two cores would take longer together.</summary>
    private const int AtATime = 8;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(100);

    /// <summary>All manipulations.</summary>
    public static IReadOnlyList<Manipulation> All { get; } =
    [
        .. SurroundingsManipulations.All, .. JournalManipulations.All, .. PodManipulations.All, .. SpecManipulations.All, .. StatusManipulations.All,
    ];

    /// <summary>Runs manipulations.</summary>
    /// <returns>What was not as expected.</returns>
    public async Task<IReadOnlyList<string>> RunAsync(IEnumerable<Manipulation> manipulations)
    {
        using var free = new SemaphoreSlim(AtATime);
        return [.. (await Task.WhenAll(manipulations.Select(manipulation => RunAsync(manipulation, free)))).OfType<string>()];
    }

    private async Task<string?> RunAsync(Manipulation manipulation, SemaphoreSlim free)
    {
        await free.WaitAsync();
        var step = "prepare";
        try
        {
            var run = runOf(manipulation);
            await PrepareAsync(manipulation, run);
            step = "start";
            await run.StartAsync(manipulation.Spec(Spec(run)));
            step = "do";
            await manipulation.Do(run);
            step = "before the tool goes on";
            await run.UntilAsync(manipulation.Meanwhile, Patience);
            step = "release";
            await run.ReleaseAsync();
            step = "after the tool went on";
            await run.UntilAsync(manipulation.Then, Patience);
            step = "mend";
            await (manipulation.Mend?.Invoke(run) ?? Task.CompletedTask);
            step = "end";
            await run.UntilAsync(manipulation.Ends, Patience);
            step = "answers";
            await AssertAnswersAsync(manipulation, run);
            return null;
        }
        catch (Exception exception) when (exception is TimeoutException or AssertionException or HttpRequestException or InvalidOperationException)
        {
            return $"{manipulation.Name}, {step}: {exception.Message}";
        }
        finally
        {
            free.Release();
        }
    }

    private async Task PrepareAsync(Manipulation manipulation, LiveRun run)
    {
        if (manipulation.IsAlone)
        {
            await cluster.Kubectl.RunAsync(["apply", "-f", "-"], Manifests.Namespace(run.Namespace));
        }

        await (manipulation.Prepare?.Invoke(run) ?? Task.CompletedTask);
    }

    private static async Task AssertAnswersAsync(Manipulation manipulation, LiveRun run)
    {
        var calls = await run.Run.ModelCallsAsync();
        if (manipulation.Answers is { } answers && (calls.ModelCalls != answers || calls.RepeatedModelCalls > 0))
        {
            throw new AssertionException($"{calls.ModelCalls} answers were paid, {calls.RepeatedModelCalls} of them twice; expected {answers}.");
        }
    }

    private static AgentRunSpec Spec(LiveRun run)
    {
        var spec = Specs.Of(run.Scenario);
        var requests = new ResourceRequests { Cpu = "10m", Memory = "48Mi", EphemeralStorage = "4Mi" };
        return spec with { Resources = spec.Resources with { Requests = requests } };
    }
}
