using AgentOperator.Api;
using AgentOperator.Caching;
using AgentOperator.ControlRuntime;
using AgentOperator.Gateway;
using AgentOperator.Journal;
using AgentOperator.Pods;
using AgentOperator.Protocol;
using AgentOperator.Runs.Attempts;
using AgentOperator.Runs.Ending;
using AgentOperator.Runs.Recovery;
using AgentOperator.Runs.Status;
using AgentOperator.Runs.Waiting;
using AgentOperator.Validation;
using k8s.Models;
using Microsoft.Extensions.Options;

namespace AgentOperator.Runs;

/// <summary>Gathers the input of a decision from the caches, and from the API server and the journal where a cache may be stale.</summary>
internal sealed class SnapshotReader(
    ILister<V1Pod> podLister,
    ILister<ModelEndpoint> endpoints,
    ILister<AgentRun> runs,
    IObjectClient<AgentRun> client,
    IJournalStore journal,
    AcceptedSpecs specs,
    DoubtfulPod doubtful,
    CreatedPods created,
    TaskResolver tasks,
    StatusMemory memory,
    LivenessTracker signs,
    IOptions<GatewayOptions> gateway,
    TimeProvider time)
{
    public async Task<RunSnapshot> ReadAsync(AgentRun cached, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var key = ObjectKey.Of(cached);
        var snapshot = new RunSnapshot
        {
            Run = cached,
            Now = now,
            SilentSince = now,
            Pods = podLister.ByOwner(cached.Metadata.Uid),
        };
        snapshot = memory.Newest(cached) is { } status ? snapshot.WithStatus(status) : snapshot;
        snapshot = snapshot with { IsStatusOfOthers = !memory.IsOwn(cached) };
        if (DeletingRun.Applies(snapshot))
        {
            return snapshot;
        }

        if (EndedRun.Applies(snapshot))
        {
            signs.Forget(key);
            return EndedRun.IsDoubtful(snapshot, journal.IsKnownOpen(snapshot.Identity))
                ? await DisputedAsync(snapshot, cached is ShortRun, cancellationToken)
                : snapshot;
        }

        return await WithWorkAsync(snapshot, cancellationToken);
    }

    /// <summary>The run as the journal says it is. If there is no journal to say so, the end in the status holds.</summary>
    private async Task<RunSnapshot> DisputedAsync(RunSnapshot ended, bool isShort, CancellationToken cancellationToken)
    {
        var run = isShort ? await client.GetAsync(ObjectKey.Of(ended.Run), cancellationToken) : ended.Run;
        if (run is null || run.Metadata.Uid != ended.Identity.Uid || run.Metadata.DeletionTimestamp is not null)
        {
            return ended;
        }

        var disputed = await WithWorkAsync(ended with { Run = run, IsEndDisputed = true }, cancellationToken);
        return disputed is { Started: true, Head: null, JournalFault: null } ? ended : disputed;
    }

    /// <summary>Adds what only a run that has not ended needs.</summary>
    private async Task<RunSnapshot> WithWorkAsync(RunSnapshot snapshot, CancellationToken cancellationToken)
    {
        var (cached, key) = (snapshot.Run, ObjectKey.Of(snapshot.Run));
        var violations = AgentRunValidator.Validate(cached, gateway.Value.AllowLinkLocalAddresses);
        snapshot = snapshot with { SpecViolations = [.. violations.Select(violation => violation.ToString())] };
        snapshot = WithNews(snapshot, key) ?? await WithStoreAsync(snapshot, cancellationToken);
        if (RejectedRun.Applies(snapshot))
        {
            signs.Forget(key);
            return snapshot;
        }

        // Only after everything answered: while the journal or the API server is down, no heartbeat can be recorded either. The answers also
        // update the server clock.
        var now = time.GetUtcNow();
        var attempts = AttemptLog.Of(snapshot);
        var endpoint = new ObjectKey(key.Namespace, snapshot.Spec.Model.EndpointRef.Name);
        var outage = Fallbacks.OutageOfAll(endpoints.Get(endpoint), snapshot.Spec.Model.Name, endpoints, now);
        var task = snapshot.Head is null ? await tasks.ResolveAsync(cached, cancellationToken) : snapshot.Task;
        var longestGap = TimeSpan.FromSeconds(snapshot.Spec.Recovery.HeartbeatTimeoutSeconds / 2.0);
        if (RepeatedCrash.IsSuspected(snapshot, attempts))
        {
            snapshot = await WithOpenCallAsync(snapshot, cancellationToken);
        }

        return snapshot with
        {
            Now = now,
            SilentSince = signs.Look(key, Liveness.Of(attempts.Pod, snapshot.Head), now, longestGap),
            Jitter = Jitter.Of(cached.Metadata.Uid, attempts.Number),
            EndpointBlocker = EndpointBlocker.Find(endpoints.Get(endpoint), endpoint.Name, endpoint.Namespace),
            Outage = outage,
            IsProbe = outage?.RetryAt <= now && EndpointProbe.Is(cached, runs.ByIndex(RunIndex.ByEndpoint, $"{endpoint}"), outage, now),
            Task = task,
            SpecViolations = task.Violation is { } violation ? [.. snapshot.SpecViolations, violation] : snapshot.SpecViolations,
        };
    }

    /// <summary>
    /// The cached head, if the only change is that the agent committed again. Commits are far more frequent than decisions, and such a commit
    /// only shows that the agent is alive, so a slightly stale head changes no decision. Null otherwise: then the store must be read.
    /// </summary>
    private RunSnapshot? WithNews(RunSnapshot snapshot, ObjectKey key)
    {
        if (snapshot.Status.Phase != Phases.Running || snapshot.Spec.Suspend || journal.KnownHead(snapshot.Identity) is not { Finished: null } known)
        {
            return null;
        }

        if (!specs.TryFind(snapshot.Run, out var accepted))
        {
            return null;
        }

        var news = snapshot.WithAccepted(accepted) with { Head = known };
        var attempts = AttemptLog.Of(news);
        return attempts is { IsOpen: true, Pod: { } pod } && PodFacts.RunningSince(pod) is not null && !PodFacts.IsDeleting(pod)
            && known.Epoch == snapshot.Status.Attempt
            && signs.IsNews(key, Liveness.Of(pod, known))

            // Whether another pod is an attempt, only the store can say.
            && snapshot.Pods.All(other => other.Metadata.Uid == known.PodUid || PodFacts.HasEnded(other))
                ? news
                : null;
    }

    /// <summary>
    /// Reads the journal, and what depends on it. If a pod had to be fetched, it reads the journal once more: the pod may have committed and ended
    /// while the answer was on its way, and an end without its last records would look like a failure.
    /// </summary>
    private async Task<RunSnapshot> WithStoreAsync(RunSnapshot snapshot, CancellationToken cancellationToken)
    {
        var read = await WithJournalAsync(snapshot, cancellationToken);
        if (await doubtful.FindAsync(read, cancellationToken) is { } pods)
        {
            read = await WithJournalAsync(snapshot with { Pods = pods }, cancellationToken);
        }

        return read with { Created = created.Find(read.Identity) is { } made && made.Attempt > read.Head?.Epoch ? made : null };
    }

    private async Task<RunSnapshot> WithJournalAsync(RunSnapshot snapshot, CancellationToken cancellationToken)
    {
        try
        {
            var head = await journal.ReadHeadAsync(snapshot.Identity, cancellationToken);
            return head is null
                ? snapshot with { Head = null }
                : snapshot.WithAccepted(await specs.FindAsync(snapshot.Run, cancellationToken)) with { Head = head };
        }
        catch (JournalException exception) when (exception.Code == ErrorCodes.JournalBroken)
        {
            return WithFault(snapshot, exception);
        }
    }

    private async Task<RunSnapshot> WithOpenCallAsync(RunSnapshot snapshot, CancellationToken cancellationToken)
    {
        try
        {
            return snapshot with { OpenCall = await OpenCall.ReadAsync(journal, snapshot.Identity, snapshot.Head!, cancellationToken) };
        }
        catch (JournalException exception) when (exception.Code == ErrorCodes.JournalBroken)
        {
            return WithFault(snapshot, exception);
        }
    }

    private static RunSnapshot WithFault(RunSnapshot snapshot, JournalException exception) =>
        
        snapshot with { JournalFault = $"The run's journal is unusable: {exception.Message}.", IsJournalIncomplete = exception.IsIncomplete };
}
