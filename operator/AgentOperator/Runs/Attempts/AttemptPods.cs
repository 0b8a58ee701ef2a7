using AgentOperator.Api;
using AgentOperator.ControlRuntime;
using AgentOperator.Journal;
using AgentOperator.Pods;
using AgentOperator.Protocol;
using AgentOperator.Runs.Recovery;
using AgentOperator.Validation;
using k8s.Autorest;
using k8s.Models;

namespace AgentOperator.Runs.Attempts;

/// <summary>Creates attempts' pods, claims their epochs and deletes pods. Each method returns the snapshot after its action.</summary>
internal sealed partial class AttemptPods(
    IObjectClient<V1Pod> pods, AgentAccounts accounts, IJournalStore journal, PodBuilder builder, CreatedPods created, ILogger<AttemptPods> logger)
{
    private static readonly TimeSpan NameTakenRetry = TimeSpan.FromSeconds(2);

    /// <summary>Creates a pod and remembers it, because only a pod of this answer may get the epoch.</summary>
    public async Task<RunSnapshot> CreateAsync(RunSnapshot snapshot, RunAction.CreatePod create, CancellationToken cancellationToken)
    {
        var wanted = builder.Build(snapshot.Run, create.Attempt, create.MemoryLimit);
        try
        {
            await accounts.EnsureAsync(snapshot.Identity.Namespace, cancellationToken);
        }
        catch (HttpOperationException exception)
        {
            return Rejected(snapshot, exception, $"ServiceAccount {AgentAccount.Name}");
        }

        try
        {
            var pod = await pods.CreateAsync(wanted, cancellationToken);
            var made = new CreatedPod(create.Attempt, pod.Metadata.Name, pod.Metadata.Uid);
            created.Remember(snapshot.Identity, made);
            LogCreated(logger, made.Name, create.MemoryLimit);
            return snapshot with { Pods = WithInPlace(snapshot, pod), Created = made };
        }
        catch (HttpOperationException exception) when (exception.IsAlreadyExists())
        {
            return await NameTakenAsync(snapshot, ObjectKey.Of(wanted), cancellationToken);
        }
        catch (HttpOperationException exception)
        {
            return await RejectedAsync(snapshot, create, exception, cancellationToken);
        }
    }

    /// <summary>Claims the epoch of a created pod. A pod whose epoch is gone is deleted.</summary>
    public async Task<RunSnapshot> ClaimAsync(RunSnapshot snapshot, CreatedPod pod, CancellationToken cancellationToken)
    {
        var key = new ObjectKey(snapshot.Identity.Namespace, snapshot.Identity.Name);
        try
        {
            var head = await journal.ClaimEpochAsync(snapshot.Identity, pod.Attempt, pod.Name, pod.Uid, cancellationToken);
            created.Forget(key);
            LogClaimed(logger, pod.Attempt, pod.Name, head.Sequence);
            return snapshot with { Head = head, Created = null };
        }
        catch (JournalException exception) when (exception.Code is ErrorCodes.StaleEpoch or ErrorCodes.RunFinished)
        {
            // The journal changed since the snapshot: decide again with its current head.
            created.Forget(key);
            await pods.DeleteAsync(
                key with { Name = pod.Name }, new V1Preconditions { Uid = pod.Uid }, graceSeconds: null, cancellationToken);
            return snapshot with
            {
                Head = await journal.ReadHeadAsync(snapshot.Identity, cancellationToken),
                Pods = [.. snapshot.Pods.Where(known => known.Metadata.Uid != pod.Uid)],
                Created = null,
            };
        }
    }

    public async Task<RunSnapshot> DeleteAsync(RunSnapshot snapshot, RunAction.DeletePod delete, CancellationToken cancellationToken)
    {
        var pod = delete.Pod;
        await pods.DeleteAsync(pod, delete.GraceSeconds, cancellationToken);
        LogDeleted(logger, pod.Metadata.Name, delete.Why);
        var grace = delete.GraceSeconds ?? pod.Spec?.TerminationGracePeriodSeconds ?? 0;
        var deleted = pod with { Metadata = pod.Metadata with { DeletionTimestamp = snapshot.Now.AddSeconds(grace).UtcDateTime } };
        return snapshot with { Pods = [.. snapshot.Pods.Select(known => known.Metadata.Uid == pod.Metadata.Uid ? deleted : known)] };
    }

    /// <summary>Gives a pod back its labels and its owner. A webhook may take them away again: it is done once a reconcile.</summary>
    public async Task<RunSnapshot> RestoreAsync(RunSnapshot snapshot, RunAction.RestorePod restore, CancellationToken cancellationToken)
    {
        var (pod, attempt) = (restore.Pod, restore.Attempt);
        await pods.PatchAsync(ObjectKey.Of(pod), PodMarks.PatchOf(pod, snapshot.Run, attempt), cancellationToken);
        LogRestored(logger, pod.Metadata.Name);
        return snapshot with { Pods = WithInPlace(snapshot, PodMarks.Restored(pod, snapshot.Run, attempt)) };
    }

    /// <summary>
    /// Another pod has the name. One of this run's goes into the snapshot: the next decision waits for its deletion, unless another leader has
    /// claimed the epoch for it meanwhile.
    /// </summary>
    private async Task<RunSnapshot> NameTakenAsync(RunSnapshot snapshot, ObjectKey key, CancellationToken cancellationToken)
    {
        var pod = await pods.GetAsync(key, cancellationToken);
        if (pod is not null && OwnerReferences.IsControlledBy(pod, snapshot.Identity.Uid))
        {
            var head = await journal.ReadHeadAsync(snapshot.Identity, cancellationToken);
            return snapshot with { Head = head, Pods = WithInPlace(snapshot, pod) };
        }

        var (reason, message) = pod is not null && PodOrigin.IsOfFormerRun(snapshot, pod)
            ? (Reasons.PodTerminating, $"Pod {key.Name} of a deleted run of the same name is still stopping. The attempt starts once it is gone.")
            : (Reasons.PodRejected, $"A pod named {key.Name} exists but does not belong to this run; waiting until it is deleted.");
        return snapshot with { Obstacle = new Blocker(reason, message, snapshot.Now + NameTakenRetry) };
    }

    /// <summary>
    /// A quota, a LimitRange, an admission webhook or the API server's own trouble: all of it passes or can be mended. If the namespace never allows
    /// as much memory, the next decision makes do with less.
    /// </summary>
    private async Task<RunSnapshot> RejectedAsync(
        RunSnapshot snapshot, RunAction.CreatePod create, HttpOperationException exception, CancellationToken cancellationToken)
    {
        // One reason is that somebody deleted the account.
        accounts.Forget(snapshot.Identity.Namespace);
        var sentence = exception.StatusMessage();
        var resources = PodResources.Of(snapshot.Spec.Resources, create.MemoryLimit);
        if (!RejectedPod.AskedForMore(snapshot, create) || MemoryRefusal.CapIn(sentence, resources) is not { } cap)
        {
            return Rejected(snapshot, exception, $"pod {PodNames.Of(snapshot.Run, create.Attempt)}");
        }

        var retryAt = Times.RoundUp(snapshot.Now + RejectedPod.Pause(snapshot, exception));
        var capped = snapshot with { MemoryRefusal = new MemoryRefusal(cap, sentence, retryAt) };
        return RepeatedCrash.IsSuspected(capped, AttemptLog.Of(capped))
            ? capped with { OpenCall = await OpenCall.ReadAsync(journal, capped.Identity, capped.Head!, cancellationToken) }
            : capped;
    }

    private static RunSnapshot Rejected(RunSnapshot snapshot, HttpOperationException exception, string what)
    {
        var retryAt = Times.RoundUp(snapshot.Now + RejectedPod.Pause(snapshot, exception));
        var message = $"The API server rejected {what}: {exception.StatusMessage()}";
        return snapshot with { Obstacle = new Blocker(Reasons.PodRejected, message, retryAt) { NextAttemptAt = retryAt } };
    }

    private static IReadOnlyList<V1Pod> WithInPlace(RunSnapshot snapshot, V1Pod pod) =>
        [.. snapshot.Pods.Where(known => known.Metadata.Name != pod.Metadata.Name), pod];

    [LoggerMessage(Level = LogLevel.Information, Message = "Created pod {Pod} with a memory limit of {MemoryLimit}")]
    private static partial void LogCreated(ILogger logger, string pod, string memoryLimit);

    [LoggerMessage(Level = LogLevel.Information, Message = "Bound epoch {Epoch} to pod {Pod} at sequence {Sequence}")]
    private static partial void LogClaimed(ILogger logger, int epoch, string pod, long sequence);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Pod {Pod} had lost labels or its owner; they are restored")]
    private static partial void LogRestored(ILogger logger, string pod);

    [LoggerMessage(Level = LogLevel.Information, Message = "Deleting pod {Pod}: {Why}")]
    private static partial void LogDeleted(ILogger logger, string pod, string why);
}
