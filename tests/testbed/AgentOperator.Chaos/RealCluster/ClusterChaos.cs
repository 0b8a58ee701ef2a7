using System.Globalization;
using AgentOperator.Api;
using AgentOperator.Chaos.Judging;
using AgentOperator.Chaos.RealCluster.Evidence;
using AgentOperator.Chaos.RealCluster.Judging;
using AgentOperator.Chaos.RealCluster.Machine;
using AgentOperator.Chaos.RealCluster.Plan;
using AgentOperator.Chaos.RealCluster.Programs;
using AgentOperator.Chaos.RealCluster.Strikes;
using AgentOperator.Testing;

namespace AgentOperator.Chaos.RealCluster;

/// <summary>The cluster layer: strikes a real cluster at work, lets every run end, and judges from outside.</summary>
internal sealed class ClusterChaos(ClusterOptions options, TestCluster cluster, TextWriter output, TimeProvider time)
{
    private const int MaxPrinted = 40;

    /// <summary>By then every run that can end has ended: a replica that crashed often is started again after five minutes.</summary>
    private static readonly TimeSpan TimeToEnd = TimeSpan.FromMinutes(12);
    private static readonly TimeSpan TimeToGetToWork = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan TimeToTidyUp = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan ProgressPause = TimeSpan.FromSeconds(10);

    private readonly string _ns = string.Create(CultureInfo.InvariantCulture, $"chaos-{options.Seed}-{time.GetUtcNow():HHmmss}");
    private readonly PodProcesses _processes = new(cluster.Name);
    private readonly PacketFilter _filter = new(cluster.Name);
    private readonly long _started = time.GetTimestamp();

    /// <summary>Runs it. The cluster is as it should be when it returns, whatever happened.</summary>
    /// <param name="ct">Interrupts it.</param>
    public async Task<ClusterResult> RunAsync(CancellationToken ct)
    {
        var mender = new ClusterMender(cluster.Name, _processes, _filter);
        await mender.MendAsync();
        var keep = new KeepFolder(options.Keep, cluster, _ns);
        output.WriteLine($"chaos: cluster '{cluster.Name}', namespace {_ns}, seed {options.Seed}; what there is to look at is kept in {keep.Path}");
        var generator = new ClusterProgramGenerator(options.Seed);
        await using var runs = new ObjectWatch(cluster.Api, $"apis/{ApiConstants.ApiVersion}/namespaces/{_ns}/{ApiConstants.AgentRunPlural}");
        await using var pods = new ObjectWatch(cluster.Api, $"api/v1/namespaces/{_ns}/pods");
        var workload = new Workload(cluster, _ns, generator, runs, options.RunsAtOnce);
        var field = new Battlefield(cluster, _ns, _processes, _filter, pods);
        using var driver = new StrikeDriver(field, workload.HeartbeatTimeout, keep.Strikes, time);
        try
        {
            await workload.CreateNamespaceAsync();
            using var finished = CancellationTokenSource.CreateLinkedTokenSource(ct);
            var reporting = ReportAsync(workload, field, driver, finished.Token);
            var enough = await StrikeAsync(workload, field, driver, ct);
            await mender.MendAsync();
            await EndAsync(workload, ct);
            await finished.CancelAsync();
            await reporting;
            if (ct.IsCancellationRequested)
            {
                return new ClusterResult(driver.Hits.Count, workload.Programs.Count, null);
            }

            var verdict = await JudgeAsync(workload, driver, keep, enough);
            return new ClusterResult(driver.Hits.Count, workload.Programs.Count, verdict);
        }
        finally
        {
            await mender.MendAsync();
            await cluster.Kubectl.TryAsync(["delete", "namespace", _ns, "--ignore-not-found", "--wait=false"]);
            await keep.Strikes.DisposeAsync();
        }
    }

    /// <summary>Works and strikes until enough was hit.</summary>
    private async Task<bool> StrikeAsync(Workload workload, Battlefield field, StrikeDriver driver, CancellationToken ct)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var working = workload.RunAsync(enough.Token);

        // Half of them at work are enough to strike; when there is no more room for them, so it is.
        var since = time.GetTimestamp();
        while (field.CountAgents() * 2 < options.RunsAtOnce && time.GetElapsedTime(since) < TimeToGetToWork && !ct.IsCancellationRequested)
        {
            await Battlefield.LastAsync(TimeSpan.FromSeconds(1), ct);
        }

        var hit = await driver.RunAsync(StrikePlan.Of(options.Seed), options.Kills, ct);
        await enough.CancelAsync();
        await working;
        return hit;
    }

    /// <summary>Lets every run end.</summary>
    private async Task EndAsync(Workload workload, CancellationToken ct)
    {
        var since = time.GetTimestamp();
        while (workload.Working > 0 && time.GetElapsedTime(since) < TimeToEnd && !ct.IsCancellationRequested)
        {
            await Battlefield.LastAsync(TimeSpan.FromSeconds(1), ct);
        }
    }

    private async Task<Verdict> JudgeAsync(Workload workload, StrikeDriver driver, KeepFolder keep, bool enough)
    {
        var reader = new EvidenceReader(cluster, _ns, _processes);
        var verdict = new Verdict();
        if (!enough)
        {
            verdict.Find(
                FindingKind.Stuck, "the cluster", $"only {driver.Hits.Count} of {options.Kills} strikes hit, and nothing was left to be hit");
        }

        var leftovers = await TidyUpAsync(reader);
        var evidence = await reader.ReadAsync(workload.Programs, driver.Hits);
        foreach (var run in evidence)
        {
            RunJudge.Judge(run, verdict);
        }

        foreach (var leftover in leftovers)
        {
            verdict.Find(leftover);
        }

        await keep.KeepAsync(verdict, evidence);
        if (verdict.Findings.Count == 0)
        {
            await RemoveAsync(reader, verdict);
        }

        Print(verdict, driver, evidence);
        return verdict;
    }

    /// <summary>Waits until nothing is left that should not be.</summary>
    /// <returns>What is left at the deadline.</returns>
    private async Task<IReadOnlyList<Finding>> TidyUpAsync(EvidenceReader reader)
    {
        var since = time.GetTimestamp();
        while (true)
        {
            var runs = await reader.RunsAsync();
            var found = LeftoverJudge.Judge(
                await reader.LeftoversAsync(),
                runs.Select(run => run.Metadata.Uid).ToHashSet(),
                runs.Where(run => !Phases.IsTerminal(run.Status?.Phase)).Select(run => run.Metadata.Uid).ToHashSet());
            if (found.Count == 0 || time.GetElapsedTime(since) > TimeToTidyUp)
            {
                return found;
            }

            await Battlefield.LastAsync(TimeSpan.FromSeconds(2), CancellationToken.None);
        }
    }

    /// <summary>I11: deletes every run, and finds what stays.</summary>
    private async Task RemoveAsync(EvidenceReader reader, Verdict verdict)
    {
        await cluster.Kubectl.RunAsync(["delete", "agentruns", "--all", "--namespace", _ns, "--wait=false"], deadline: TimeToTidyUp);
        foreach (var leftover in await TidyUpAsync(reader))
        {
            verdict.Find(leftover with { Text = $"{leftover.Text} (every run was deleted)" });
        }
    }

    private async Task ReportAsync(Workload workload, Battlefield field, StrikeDriver driver, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            await Battlefield.LastAsync(ProgressPause, stop);
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"chaos: {driver.Hits.Count} of {options.Kills} kills, {workload.Working} runs work, {field.CountAgents()} agents live, "
                    + $"{workload.Ended} ended, {time.GetElapsedTime(_started).TotalSeconds:0} s"));
        }
    }

    private void Print(Verdict verdict, StrikeDriver driver, IReadOnlyList<RunEvidence> evidence)
    {
        output.WriteLine($"chaos: strikes that hit: {Count(driver.Hits.Select(hit => hit.Strike.Kind))}");
        output.WriteLine(
            $"chaos: how attempts ended: "
                + $"{Count(evidence.SelectMany(run => run.Run?.Status?.Attempts ?? []).Select(attempt => attempt.Outcome ?? "none"))}");
        output.WriteLine($"chaos: allowed, and not counted below: {Count(verdict.Exceptions.Select(exception => exception.Kind))}");
        foreach (var exception in verdict.Exceptions.Where(exception => exception.Kind == ExceptionKind.AnswerLostWithReplica).Take(MaxPrinted))
        {
            output.WriteLine($"  {exception.Kind}: {exception.Text}");
        }

        foreach (var finding in verdict.Findings.Take(MaxPrinted))
        {
            output.WriteLine($"  {finding}");
        }
    }

    private static string Count<T>(IEnumerable<T> seen)
        where T : notnull =>
        string.Join(
            ", ",
            seen.GroupBy(kind => kind).OrderByDescending(group => group.Count())
                .Select(group => $"{group.Key} {group.Count()}")) is { Length: > 0 } text
            ? text
            : "none";
}
