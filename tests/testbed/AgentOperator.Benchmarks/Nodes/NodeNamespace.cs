using System.Text.Json;

namespace AgentOperator.Benchmarks.Nodes;

/// <summary>A namespace on the cluster with a real node, for as long as a row measures.</summary>
internal sealed class NodeNamespace : IAsyncDisposable
{
    /// <summary>How long anything may take that takes seconds on an idle machine.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    /// <summary>The kubelet's looks at the container runtime are this far apart; it has no setting.</summary>
    private static readonly TimeSpan Looks = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan RunDeadline = TimeSpan.FromMinutes(10);
    private readonly TestCluster _cluster;
    private readonly PodProcesses _processes;

    private NodeNamespace(TestCluster cluster, string name) => (_cluster, Name, _processes) = (cluster, name, new PodProcesses(cluster.Name));

    public string Name { get; }

    public Testing.ModelServer Model => _cluster.Model;

    public static async Task<NodeNamespace> CreateAsync(TestCluster cluster, string prefix)
    {
        var created = new NodeNamespace(cluster, $"{prefix}-{Guid.NewGuid():N}"[..(prefix.Length + 7)]);
        await created.ApplyAsync(Manifests.Namespace(created.Name));
        return created;
    }

    public Task ApplyAsync(string manifest) => _cluster.Kubectl.RunAsync(["apply", "-f", "-"], manifest);

    /// <summary>Gives a scenario to the model and applies a run of its name that plays it; all that a user may leave out is left out.</summary>
    public async Task StartAsync(string name, Scenario scenario, ResourcesSpec? resources = null)
    {
        var spec = new AgentRunSpec
        {
            Task = "Do what the script says.",
            Model = new ModelSpec { EndpointRef = new LocalReference { Name = Specs.Endpoint }, Name = name },
            Tools = [new ToolSpec { Name = ToolSpec.Shell, Effect = ToolEffect.Pure }],
        };
        await Model.PutScenarioAsync(name, scenario.ToString());
        await ApplyAsync(Manifests.Of(resources is null ? spec : spec with { Resources = resources }, Name, name));
    }

    /// <summary>Waits until a tool or a container has left an effect.</summary>
    public Task EffectAsync(string name, string key) =>
        Eventually.TrueAsync(
            $"the effect '{key}' of {name}", async () => (await Model.EffectsAsync(name)).Any(effect => effect.Key == key), Patience);

    /// <summary>Waits until a watch shows a run's journal as it is waited for.</summary>
    /// <returns>When it was shown, and the journal's head.</returns>
    public async Task<(DateTimeOffset Time, JournalSummary Head)> JournalAsync(string run, string what, Func<JournalSummary, bool> condition)
    {
        var (time, segment) = await WatchAsync(
            $"apis/{ApiConstants.ApiVersion}/namespaces/{Name}/{ApiConstants.JournalSegmentPlural}?watch=true&labelSelector={Labels.Run}%3D{run}",
            $"{what} of {run}",
            segment => condition(HeadOf(segment)));
        return (time, HeadOf(segment));
    }

    /// <summary>Waits until a watch shows a Job's pod as it is waited for.</summary>
    /// <returns>When it was shown, and the pod.</returns>
    public Task<(DateTimeOffset Time, JsonElement Pod)> JobPodAsync(string job, string what, Func<JsonElement, bool> condition) =>
        WatchAsync($"api/v1/namespaces/{Name}/pods?watch=true&labelSelector=job-name%3D{job}", $"{what} of {job}", condition);

    /// <summary>
    /// Waits until the kubelet has reported that a pod's container runs, and then a part of the time between two of its looks at what the
    /// container runtime has: it sees the end of a container at the look that follows it, and all that these benchmarks do is in step with those
    /// looks.
    /// </summary>
    /// <param name="pod">Name of the pod.</param>
    /// <param name="part">0 to 1.</param>
    public async Task BetweenLooksAsync(string pod, double part)
    {
        await WatchAsync(
            $"api/v1/namespaces/{Name}/pods?watch=true&fieldSelector=metadata.name%3D{pod}",
            $"{pod} to run",
            seen => ContainerOf(seen)?.GetProperty("state").TryGetProperty("running", out _) == true);
        await Task.Delay(Looks * part, TimeProvider.System);
    }

    /// <summary>What the kubelet reports of a pod's only container; null when it has reported nothing.</summary>
    public static JsonElement? ContainerOf(JsonElement pod) =>
        pod.GetProperty("status").TryGetProperty("containerStatuses", out var containers) ? containers[0] : null;

    /// <summary>When a container of a pod wrote its first line: by the container runtime's clock, which is this machine's.</summary>
    public async Task<DateTimeOffset> FirstLineAsync(string pod)
    {
        var log = await Eventually.GetAsync<string>(
            $"the log of {pod}",
            async () =>
                await _cluster.Api.GetTextAsync($"api/v1/namespaces/{Name}/pods/{pod}/log?timestamps=true") is { Length: > 0 } text ? text : null,
            Patience);
        return JsonElement.Parse($"\"{log.Split(' ')[0]}\"").GetDateTimeOffset();
    }

    /// <summary>The image of an attempt's agent.</summary>
    public async Task<string> ImageAsync(string pod) =>
        (await _cluster.Api.GetAsync($"api/v1/namespaces/{Name}/pods/{pod}"))!.Value.GetProperty("spec").GetProperty("containers")[0]
            .GetProperty("image").GetString()!;

    /// <summary>A container's first process.</summary>
    /// <param name="podUid">UID of its pod.</param>
    /// <param name="program">Its program.</param>
    public Task<FirstProcess> FirstProcessAsync(string podUid, string program) => FirstProcess.FindAsync(_processes, podUid, program, Patience);

    /// <summary>Waits until a run has ended, and its last attempt.</summary>
    /// <exception cref="InvalidOperationException">It did not succeed, or its attempts ended in other ways.</exception>
    public async Task SucceededAsync(string run, IReadOnlyList<string> outcomes)
    {
        AgentRunStatus? status = null;
        await Eventually.TrueAsync($"{run} to end", async () => IsEnded(status = await StatusAsync(run)), RunDeadline);
        if (status!.Phase != Phases.Succeeded || !status.Attempts!.Select(attempt => attempt.Outcome).SequenceEqual(outcomes))
        {
            throw new InvalidOperationException(
                $"{run} is {status.Phase}; its attempts: "
                    + $"{string.Join(", ", status.Attempts!.Select(attempt => $"{attempt.Outcome} ({attempt.Message})"))}");
        }
    }

    public async ValueTask DisposeAsync() => await _cluster.Kubectl.RunAsync(["delete", "namespace", Name], deadline: Patience);

    private static bool IsEnded(AgentRunStatus? status) => Phases.IsTerminal(status?.Phase) && status?.Attempts is [.., { Outcome: not null }];

    private static JournalSummary HeadOf(JsonElement segment) =>
        segment.GetProperty("spec").GetProperty("head").Deserialize<JournalSummary>(ApiJson.Options)!;

    private async Task<AgentRunStatus?> StatusAsync(string run) =>
        (await _cluster.Api.GetAsync($"apis/{ApiConstants.ApiVersion}/namespaces/{Name}/{ApiConstants.AgentRunPlural}/{run}"))
            ?.Deserialize<AgentRun>(ApiJson.Options)?.Status;

    private async Task<(DateTimeOffset Time, JsonElement Object)> WatchAsync(string path, string what, Func<JsonElement, bool> condition)
    {
        using var timeout = new CancellationTokenSource(RunDeadline);
        try
        {
            // Without a version a watch begins with all that is there.
            await foreach (var change in _cluster.Api.WatchAsync(path, timeout.Token))
            {
                var time = TimeProvider.System.GetUtcNow();
                if (condition(change.GetProperty("object")))
                {
                    return (time, change.GetProperty("object"));
                }
            }
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested)
        {
            throw new TimeoutException($"Waited {RunDeadline.TotalSeconds:0} s in vain for {what}.");
        }

        throw new IOException($"The API server ended the watch for {what}.");
    }
}
