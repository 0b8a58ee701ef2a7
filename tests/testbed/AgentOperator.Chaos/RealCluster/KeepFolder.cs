using AgentOperator.Chaos.RealCluster.Evidence;
using AgentOperator.Chaos.RealCluster.Judging;
using AgentOperator.Testing;

namespace AgentOperator.Chaos.RealCluster;

/// <summary>Where what there is to look at is kept after the cluster's objects are gone.</summary>
internal sealed class KeepFolder
{
    private const int MostRuns = 30;
    private readonly TestCluster _cluster;
    private readonly string _ns;

    /// <param name="folder">The folder; null for a new one below the temporary folder.</param>
    /// <param name="cluster">The cluster.</param>
    /// <param name="ns">The namespace of the runs.</param>
    public KeepFolder(string? folder, TestCluster cluster, string ns)
    {
        (_cluster, _ns) = (cluster, ns);
        Path = System.IO.Path.GetFullPath(folder ?? System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"agentoperator-{ns}"));
        Directory.CreateDirectory(Path);
        Strikes = TextWriter.Synchronized(new StreamWriter(PathOf("strikes.log")) { AutoFlush = true });
    }

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>A line for each strike.</summary>
    public TextWriter Strikes { get; }

    /// <summary>
    /// Keeps what the findings are about: the runs as kubectl shows them, their journals, calls and effects, the pods, events and logs.
    /// </summary>
    public async Task KeepAsync(Verdict verdict, IReadOnlyList<RunEvidence> runs)
    {
        await File.WriteAllLinesAsync(PathOf("exceptions.txt"), verdict.Exceptions.Select(exception => $"{exception.Kind}: {exception.Text}"));

        // Paid twice, if allowed: who doubts that it is allowed looks here.
        var paidTwice = verdict.Exceptions.Where(exception => exception.Kind == ExceptionKind.AnswerLostWithReplica).ToList();
        foreach (var run in runs.Where(run => paidTwice.Any(exception => exception.Text.StartsWith($"{run.Program.Run}:", StringComparison.Ordinal))))
        {
            await KeepEvidenceAsync(run);
        }

        if (verdict.Findings.Count == 0)
        {
            return;
        }

        await File.WriteAllLinesAsync(PathOf("findings.txt"), verdict.Findings.Select(finding => finding.ToString()));
        var subjects = verdict.Findings.Select(finding => finding.Subject).ToHashSet();
        foreach (var run in runs.Where(run => subjects.Contains(run.Program.Run)).Take(MostRuns))
        {
            var name = run.Program.Run;
            await AnswerAsync($"{name}.yaml", "get", "agentrun", name, "--namespace", _ns, "--output", "yaml");
            await AnswerAsync($"{name}-pods.txt", "describe", "pods", "--namespace", _ns, "--selector", $"{Api.Labels.Run}={name}");
            await AnswerAsync($"{name}-logs.txt", "logs", "--namespace", _ns, "--selector", $"{Api.Labels.Run}={name}", "--prefix", "--tail", "-1");
            await KeepEvidenceAsync(run);
        }

        await AnswerAsync("pods.txt", "get", "pods", "--all-namespaces", "--output", "wide");
        await AnswerAsync("events.txt", "get", "events", "--namespace", _ns, "--sort-by", ".lastTimestamp");
        await AnswerAsync(
            "operator.txt", "logs", "--namespace", TestCluster.OperatorNamespace, "--selector", "app.kubernetes.io/name=agent-operator", "--prefix",
            "--tail", "-1");
    }

    private Task KeepEvidenceAsync(RunEvidence run) => File.WriteAllLinesAsync(
        PathOf($"{run.Program.Run}-evidence.txt"),
        [
            .. run.Journal.Select(record => record.ToString()),
            .. run.Calls.Select(call => call.ToString()),
            .. run.Effects.Select(effect => effect.ToString()),
        ]);

    private string PathOf(string file) => System.IO.Path.Combine(Path, file);

    private async Task AnswerAsync(string file, params string[] question) =>
        await File.WriteAllTextAsync(PathOf(file), (await _cluster.Kubectl.TryAsync(question)).Text);
}
