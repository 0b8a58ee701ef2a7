using AgentOperator.Api;
using AgentOperator.Journal;
using AgentOperator.Pods;
using AgentOperator.Protocol;
using AgentOperator.Runs;
using k8s.Models;

namespace AgentOperator.Tests.Runs;

/// <summary>Builds the input of a decision.</summary>
internal sealed class SnapshotBuilder
{
    public static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private RunSnapshot _snapshot = new()
    {
        Run = new AgentRunBuilder().Build(),
        Now = Now,
        SilentSince = Now,
        Task = ResolvedTask.Found("Write the report."),
    };

    public static string UidOf(int attempt) => $"pod-uid-{attempt}";

    public SnapshotBuilder Run(Func<AgentRunBuilder, AgentRunBuilder> change) =>
        With(snapshot => snapshot with { Run = change(new AgentRunBuilder()).Build() });

    public SnapshotBuilder Status(AgentRunStatus status) => With(snapshot => snapshot.WithStatus(status));

    public SnapshotBuilder With(Func<RunSnapshot, RunSnapshot> change)
    {
        _snapshot = change(_snapshot);
        return this;
    }

    public SnapshotBuilder Head(int epoch, long sequence = 2, long progress = 1, RunFinishedPayload? finished = null, DateTimeOffset? time = null) =>
        With(snapshot => snapshot with
        {
            Head = new JournalHead
            {
                Sequence = sequence,
                Hash = new string('a', 64),
                Epoch = epoch,
                Pod = epoch == 0 ? null : $"{AgentRunBuilder.Name}-{epoch}",
                PodUid = epoch == 0 ? null : UidOf(epoch),
                Time = time ?? Now.AddSeconds(-5),
                Lineage = AgentRunBuilder.Uid,
                SpecHash = "hash",
                ProgressSequence = progress,
                Finished = finished is null ? null : JournalRules.Summarize(finished),
            },
        });

    /// <summary>A pod of an attempt in some state.</summary>
    public SnapshotBuilder Pod(int attempt, Func<V1Pod, V1Pod>? state = null, string memory = "512Mi") =>
        With(snapshot => snapshot with { Pods = [.. snapshot.Pods, (state ?? (pod => pod))(Plain(snapshot.Run, attempt, memory))] });

    /// <summary>An attempt in the status; with an outcome it has ended.</summary>
    public SnapshotBuilder Attempt(
        int number, string? outcome = null, string memory = "512Mi", long from = 1, long? to = null, int failures = 0, string? reason = null) =>
        With(snapshot => snapshot.WithStatus(snapshot.Status with
        {
            Phase = outcome is null ? Phases.Running : Phases.Recovering,
            Attempt = number,
            Failures = failures,
            StartedAt = snapshot.Status.StartedAt ?? Now.AddMinutes(-10),
            Attempts =
            [
                .. snapshot.Status.Attempts ?? [],
                new AttemptStatus
                {
                    Number = number, Pod = $"{AgentRunBuilder.Name}-{number}", PodUid = UidOf(number), MemoryLimit = memory, Outcome = outcome,
                    Reason = reason,
                    StartedAt = Now.AddMinutes(-5), FinishedAt = outcome is null ? null : Now.AddMinutes(-1), FromSequence = from,
                    ToSequence = to ?? (outcome is null ? null : from),
                },
            ],
        }));

    /// <summary>The agent has been silent for this long.</summary>
    public SnapshotBuilder SilentFor(int seconds) => With(snapshot => snapshot with { SilentSince = Now.AddSeconds(-seconds) });

    public RunSnapshot Build() => _snapshot;

    public RunPlan Decide() => RunDecision.Decide(_snapshot);

    public static V1Pod Plain(AgentRun run, int attempt, string memory) => new()
    {
        Metadata = new V1ObjectMeta
        {
            Name = $"{run.Metadata.Name}-{attempt}",
            NamespaceProperty = run.Metadata.NamespaceProperty,
            Uid = UidOf(attempt),
            CreationTimestamp = Now.AddMinutes(-5).UtcDateTime,
            Labels = PodBuilder.LabelsOf(run, attempt),
            OwnerReferences = [PodBuilder.Owner(run)],
        },
        Spec = new V1PodSpec
        {
            TerminationGracePeriodSeconds = 30,
            Containers =
            [
                new V1Container
                {
                    Name = "agent",
                    Resources = new V1ResourceRequirements { Limits = new Dictionary<string, ResourceQuantity> { ["memory"] = new(memory) } },
                },
            ],
        },
        Status = new V1PodStatus { Phase = "Pending" },
    };
}
