using AgentOperator.Api;
using AgentOperator.ControlRuntime;
using AgentOperator.Journal;
using AgentOperator.Runs.Attempts;
using AgentOperator.Runs.Recovery;
using AgentOperator.Validation;

namespace AgentOperator.Runs.Status;

/// <summary>Builds the status that shows a situation.</summary>
internal static class StatusBuilder
{
    private const string Store = "Kubernetes";
    private const int MaxWaitingForBytes = 1024;

    public static AgentRunStatus Build(RunSnapshot snapshot, AttemptLog attempts, PhaseReport report)
    {
        var status = snapshot.Status;
        var ended = Phases.IsTerminal(report.Phase);
        return StatusSize.Fit(status with
        {
            Phase = report.Phase,
            ObservedGeneration = snapshot.Run.Metadata.Generation,
            Conditions = Conditions.Of(snapshot, report),
            Attempt = attempts.Number == 0 ? null : attempts.Number,
            Pod = attempts.Current?.Pod,
            LastExit = attempts.Records.LastOrDefault(record => record.Outcome is not null)?.Outcome ?? status.LastExit,
            Attempts = attempts.Records.Count == 0 ? null : [.. attempts.Records.TakeLast(AgentRunStatus.MaxAttempts)],
            Checkpoint = snapshot.Head is { } head ? CheckpointStatus.Of(head, head.Hash, Store) : status.Checkpoint,
            Progress = snapshot.Head is { } at ? new ProgressStatus { Step = at.Steps } : status.Progress,
            Usage = snapshot.Head is { } used ? Usage(used, status, attempts) : status.Usage,
            WaitingFor = TextLimit.Cut(report.WaitingFor, MaxWaitingForBytes),
            StartedAt = RunStart.Of(snapshot.Run) ?? (attempts.Records.Count > 0 ? attempts.Records[0].StartedAt : null),
            FinishedAt = ended ? status.FinishedAt : null,
            Result = ended ? status.Result : null,
            NextAttemptAt = ended || attempts.IsOpen ? null : report.NextAttemptAt ?? Backoff.Of(status),
        });
    }

    private static UsageStatus Usage(JournalHead head, AgentRunStatus status, AttemptLog attempts) => UsageStatus.Of(head) with
    {
        // An attempt is counted once, when it first appears in the status.
        Replayed = (status.Usage?.Replayed ?? 0)
            + attempts.Records.Where(record => record.Number > 1 && record.Number > (status.Attempt ?? 0)).Sum(record => record.FromSequence ?? 0),
    };
}
