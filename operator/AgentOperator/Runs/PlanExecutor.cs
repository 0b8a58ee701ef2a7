using AgentOperator.Api;
using AgentOperator.ControlRuntime;
using AgentOperator.Journal;
using AgentOperator.Pods;
using AgentOperator.Protocol;
using AgentOperator.Runs.Attempts;
using AgentOperator.Runs.Recovery;
using AgentOperator.Validation;
using k8s.Autorest;
using k8s.Models;

namespace AgentOperator.Runs;

/// <summary>Executes the actions of a plan and returns the snapshot after each.</summary>
internal sealed partial class PlanExecutor(
    IJournalStore journal, IObjectClient<V1Pod> pods, IObjectClient<AgentRun> runs, PodBuilder builder, ILogger<PlanExecutor> logger)
{
    /// <summary>How much of a refusal is read, in UTF-8 bytes. An admission webhook may say anything.</summary>

    private static readonly TimeSpan NameTakenRetry = TimeSpan.FromSeconds(2);

    public Task<RunSnapshot> ExecuteAsync(RunSnapshot snapshot, RunAction action, CancellationToken cancellationToken) => action switch
    {
        RunAction.StartJournal start => StartJournalAsync(snapshot, start, cancellationToken),
        RunAction.CreatePod create => CreatePodAsync(snapshot, create, cancellationToken),
        RunAction.ClaimEpoch claim => ClaimEpochAsync(snapshot, claim, cancellationToken),
        RunAction.AnswerCall answer => AnswerCallAsync(snapshot, answer, cancellationToken),
        RunAction.DeletePod delete => DeletePodAsync(snapshot, delete, cancellationToken),
        RunAction.Finish finish => FinishAsync(snapshot, finish, cancellationToken),
        RunAction.DeleteRun => DeleteRunAsync(snapshot, cancellationToken),
        _ => throw new InvalidOperationException($"unknown action {action.GetType().Name}"),
    };

    private async Task<RunSnapshot> StartJournalAsync(RunSnapshot snapshot, RunAction.StartJournal start, CancellationToken cancellationToken)
    {
        try
        {
            return snapshot with
            {
                Head = await journal.StartAsync(
                    snapshot.Identity, FrozenSpec.Hash(snapshot.Spec), FrozenSpec.Freeze(snapshot.Spec, start.Task), cancellationToken),
            };
        }
        catch (JournalException exception) when (exception.Code is ErrorCodes.RecordTooLarge or ErrorCodes.RecordRefused)
        {
            return snapshot with { SpecViolations = [.. snapshot.SpecViolations, $"spec: cannot be kept in the run's journal: {exception.Message}"] };
        }
    }

    private async Task<RunSnapshot> CreatePodAsync(RunSnapshot snapshot, RunAction.CreatePod create, CancellationToken cancellationToken)
    {
        var wanted = builder.Build(snapshot.Run, create.Attempt, create.MemoryLimit);
        var key = ObjectKey.Of(wanted);
        try
        {
            // An earlier reconcile may have created it and died before it wrote the status.
            var pod = await pods.CreateOnceAsync(wanted, snapshot.Identity.Uid, cancellationToken);
            LogCreated(logger, key.Name, create.MemoryLimit);
            return snapshot with { Pods = [.. snapshot.Pods.Where(known => known.Metadata.Name != key.Name), pod] };
        }
        catch (NameTakenException)
        {
            var message = $"A pod named {key.Name} exists but does not belong to this run; waiting until it is deleted.";
            return snapshot with { Obstacle = new Blocker(Reasons.PodRejected, message, snapshot.Now + NameTakenRetry) };
        }
        catch (HttpOperationException exception)
        {
            return await RejectedAsync(snapshot, create, exception, cancellationToken);
        }
    }

    /// <summary>
    /// A quota, a LimitRange, an admission webhook or the API server's own trouble: all of it passes or can be mended. If the namespace never allows
    /// as much memory, the next decision makes do with less.
    /// </summary>
    private async Task<RunSnapshot> RejectedAsync(
        RunSnapshot snapshot, RunAction.CreatePod create, HttpOperationException exception, CancellationToken cancellationToken)
    {
        var sentence = exception.StatusMessage();
        var retryAt = Times.RoundUp(snapshot.Now + RejectedPod.Pause(snapshot, exception));
        var resources = PodResources.Of(snapshot.Spec.Resources, create.MemoryLimit);
        if (!RejectedPod.AskedForMore(snapshot, create) || MemoryRefusal.CapIn(sentence, resources) is not { } cap)
        {
            var message = $"The API server rejected pod {PodNames.Of(snapshot.Run, create.Attempt)}: {sentence}";
            return snapshot with { Obstacle = new Blocker(Reasons.PodRejected, message, retryAt) { NextAttemptAt = retryAt } };
        }

        var capped = snapshot with { MemoryRefusal = new MemoryRefusal(cap, sentence, retryAt) };
        return RepeatedCrash.IsSuspected(capped, AttemptLog.Of(capped))
            ? capped with { OpenCall = await OpenCall.ReadAsync(journal, capped.Identity, capped.Head!, cancellationToken) }
            : capped;
    }

    private async Task<RunSnapshot> ClaimEpochAsync(RunSnapshot snapshot, RunAction.ClaimEpoch claim, CancellationToken cancellationToken)
    {
        try
        {
            var head = await journal.ClaimEpochAsync(snapshot.Identity, claim.Attempt, claim.Pod, claim.PodUid, cancellationToken);
            LogClaimed(logger, claim.Attempt, claim.Pod, head.Sequence);
            return snapshot with { Head = head };
        }
        catch (JournalException exception) when (exception.Code is ErrorCodes.StaleEpoch or ErrorCodes.RunFinished)
        {
            // The journal changed since the snapshot: decide again with its current head.
            return snapshot with { Head = await journal.ReadHeadAsync(snapshot.Identity, cancellationToken) };
        }
    }

    private async Task<RunSnapshot> AnswerCallAsync(RunSnapshot snapshot, RunAction.AnswerCall answer, CancellationToken cancellationToken)
    {
        var head = await journal.AppendForOperatorAsync(snapshot.Identity, answer.ExpectedSequence, answer.Answer, cancellationToken);
        LogAnswered(logger, answer.Tool, head.Sequence);
        return snapshot with { Head = head, OpenCall = await OpenCall.ReadAsync(journal, snapshot.Identity, head, cancellationToken) };
    }

    private async Task<RunSnapshot> DeletePodAsync(RunSnapshot snapshot, RunAction.DeletePod delete, CancellationToken cancellationToken)
    {
        var pod = delete.Pod;
        await pods.DeleteAsync(pod, cancellationToken);
        LogDeleted(logger, pod.Metadata.Name, delete.Why);
        var grace = pod.Spec.TerminationGracePeriodSeconds ?? 0;
        var deleted = pod with { Metadata = pod.Metadata with { DeletionTimestamp = snapshot.Now.AddSeconds(grace).UtcDateTime } };
        return snapshot with { Pods = [.. snapshot.Pods.Select(known => known.Metadata.Uid == pod.Metadata.Uid ? deleted : known)] };
    }

    private async Task<RunSnapshot> FinishAsync(RunSnapshot snapshot, RunAction.Finish finish, CancellationToken cancellationToken)
    {
        var head = await journal.FinishAsync(snapshot.Identity, finish.End, cancellationToken);
        LogFinished(logger, head.Finished?.Outcome.ToString(), head.Finished?.Reason);
        return snapshot with { Head = head };
    }

    private async Task<RunSnapshot> DeleteRunAsync(RunSnapshot snapshot, CancellationToken cancellationToken)
    {
        await runs.DeleteAsync(snapshot.Run, cancellationToken);
        LogExpired(logger);
        return snapshot;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Created pod {Pod} with a memory limit of {MemoryLimit}")]
    private static partial void LogCreated(ILogger logger, string pod, string memoryLimit);

    [LoggerMessage(Level = LogLevel.Information, Message = "Bound epoch {Epoch} to pod {Pod} at sequence {Sequence}")]
    private static partial void LogClaimed(ILogger logger, int epoch, string pod, long sequence);

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "Answered a call of {Tool} that crashed every attempt with an error; the journal is at {Sequence}")]
    private static partial void LogAnswered(ILogger logger, string tool, long sequence);

    [LoggerMessage(Level = LogLevel.Information, Message = "Deleting pod {Pod}: {Why}")]
    private static partial void LogDeleted(ILogger logger, string pod, string why);

    [LoggerMessage(Level = LogLevel.Information, Message = "Committed the run's end: {Outcome}, {Reason}")]
    private static partial void LogFinished(ILogger logger, string? outcome, string? reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Deleting the run: its ttlSecondsAfterFinished has passed")]
    private static partial void LogExpired(ILogger logger);
}
