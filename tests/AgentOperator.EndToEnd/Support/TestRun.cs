using System.Text.Json;
using AgentOperator.Journal;
using k8s;
using k8s.Autorest;
using k8s.Models;

namespace AgentOperator.EndToEnd.Support;

/// <summary>A run of a test.</summary>
internal sealed class TestRun(TestCluster cluster, string ns, string name, string scenario) : IAsyncDisposable
{
    public string Namespace => ns;

    public string Name => name;

    /// <summary>The name for kubectl: <c>arun/NAME</c>.</summary>
    public string Reference => $"arun/{name}";

    public RunObserver Observer { get; } = new(cluster.Api, ns, name);

    public Task<AgentRunStatus> UntilAsync(string what, Func<AgentRunStatus, bool> condition, TimeSpan? deadline = null) =>
        Observer.UntilAsync(what, condition, deadline ?? EndToEndTest.Patience);

    /// <summary>Waits for the end and for the record of the attempt that reached it.</summary>
    public Task<AgentRunStatus> FinishedAsync(TimeSpan? deadline = null) => UntilAsync(
        "the run to finish",
        status => Phases.IsTerminal(status.Phase) && status.Attempts is null or [] or [.., { Outcome: not null }],
        deadline ?? EndToEndTest.Patience);

    public Task<ModelSummary> ModelCallsAsync() => cluster.Model.SummarizeAsync(scenario);

    public Task<string> KubectlAsync(params string[] arguments) => cluster.Kubectl.RunAsync([.. arguments, "--namespace", ns]);

    /// <summary>Waits for a pod of this run's attempt and returns it.</summary>
    public Task<V1Pod> PodAsync(int attempt, Func<V1Pod, bool> condition) => Eventually.GetAsync(
        $"pod {PodName(attempt)}",
        async () =>
        {
            try
            {
                var pod = await cluster.Client.CoreV1.ReadNamespacedPodAsync(PodName(attempt), ns);
                return condition(pod) ? pod : null;
            }
            catch (HttpOperationException exception) when (exception.Response.StatusCode == System.Net.HttpStatusCode.NotFound)
            {
                return null;
            }
        },
        EndToEndTest.Patience);

    /// <summary>Waits until the kubelet has seen the attempt's container run: one that is deleted before that, it may not stop for 30 s.</summary>
    public Task PodIsReadyAsync(int attempt) =>
        PodAsync(attempt, pod => pod.Status.Conditions?.Any(condition => condition is { Type: "Ready", Status: "True" }) == true);

    /// <summary>Waits until the kubelet tells the attempt's agent to stop.</summary>
    public Task AgentIsStoppingAsync(int attempt) => Eventually.TrueAsync(
        $"the kubelet to stop pod {PodName(attempt)}",
        async () =>
            (
                await cluster.Client.CoreV1.ListNamespacedEventAsync(
                    ns, fieldSelector: $"involvedObject.name={PodName(attempt)},reason=Killing")).Items.Count > 0,
        EndToEndTest.Patience);

    /// <summary>The outcomes of tool calls that the run's journal holds, in order.</summary>
    public async Task<IReadOnlyList<CommittedOutcome>> ToolOutcomesAsync()
    {
        var path = $"apis/{ApiConstants.ApiVersion}/namespaces/{ns}/{ApiConstants.JournalSegmentPlural}?labelSelector={Labels.Run}%3D{name}";
        var list = await cluster.Api.GetAsync(path) ?? throw new InvalidOperationException("the cluster has no journal segments");
        return
        [
            .. list.GetProperty("items").Deserialize<List<JournalSegment>>(ApiJson.Options)!
                .OrderBy(segment => segment.Spec.Index)
                .SelectMany(segment => SegmentMapping.ToSegment(segment).Decode(after: 0))
                .Select(stored => stored.Record)
                .Where(record => RecordKinds.IsToolOutcome(record.Kind))
                .Select(record => new CommittedOutcome(
                    record.Epoch, record.Kind, record.Payload.Deserialize(ProtocolJson.Default.ToolOutcomePayload)!.Content)),
        ];
    }

    public string PodName(int attempt) => $"{name}-{attempt}";

    /// <summary>Kills the pod without any warning to the agent, as the loss of a node would.</summary>
    public Task ForceDeletePodAsync(int attempt) => KubectlAsync("delete", "pod", PodName(attempt), "--grace-period=0", "--force");

    public ValueTask DisposeAsync() => Observer.DisposeAsync();
}
