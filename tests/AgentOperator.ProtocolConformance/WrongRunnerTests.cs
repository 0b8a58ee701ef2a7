namespace AgentOperator.ProtocolConformance;

/// <summary>A runner that is wrong in one way is refused at the points that say so, and at no other.</summary>
[Parallelizable(ParallelScope.Children)]
internal sealed class WrongRunnerTests
{
    private static IEnumerable<TestCaseData> Mistakes()
    {
        yield return Mistake("token-read-once", AllPoints.TokenReadAgain, AllPoints.UnauthorizedRetried);
        yield return Mistake("any-certificate", AllPoints.AuthorityVerified, AllPoints.HostNameVerified);
        yield return Mistake("any-host", AllPoints.HostNameVerified);
        yield return Mistake("first-page-only", AllPoints.AllPagesRead);
        yield return Mistake("hash-not-checked", AllPoints.PrevHashChecked);
        yield return Mistake("unknown-kinds-skipped", AllPoints.UnknownKindStops);
        yield return Mistake("divergence-ignored", AllPoints.DivergenceStops);
        yield return Mistake(
            "never-retries", AllPoints.TransientRetried, AllPoints.RetryAfterObeyed, AllPoints.SameKeyOnRetry, AllPoints.RepeatedSaid,
            AllPoints.LostCommitOnce, AllPoints.UnauthorizedRetried);
        yield return Mistake("retry-after-ignored", AllPoints.RetryAfterObeyed);
        yield return Mistake("new-key-on-retry", AllPoints.SameKeyOnRetry);
        yield return Mistake("repetition-not-said", AllPoints.RepeatedSaid);
        yield return Mistake("conflict-not-read", AllPoints.ConflictReadsOn);
        yield return Mistake("stale-goes-on", AllPoints.StaleEpochStops);
        yield return Mistake("intent-after-tool", AllPoints.IntentBeforeTool, AllPoints.IrreversibleOnce);
        yield return Mistake("irreversible-repeated", AllPoints.IrreversibleOnce);
        yield return Mistake("new-key-for-each-start", AllPoints.KeyedSameKey);
        yield return Mistake("one-heartbeat", AllPoints.HeartbeatInTime, AllPoints.StopObeyed);
        yield return Mistake("stop-ignored", AllPoints.StopObeyed);
        yield return Mistake("sigterm-ignored", AllPoints.SigtermParks);
        yield return Mistake("steps-not-counted", AllPoints.MaxStepsObeyed);
        yield return Mistake("limits-not-asked-again", AllPoints.LimitsAskedAgain);
        yield return Mistake("own-clock", AllPoints.GatewayClock);
        yield return Mistake("cut-calls-run", AllPoints.CutCallsNotRun);
        yield return Mistake("any-arguments-run", AllPoints.OddArgumentsNotRun);
        yield return Mistake("output-not-cut", AllPoints.OutputBounded);
        yield return Mistake("ascii-only", AllPoints.UnicodeKept);
        yield return Mistake("tells-the-task", AllPoints.NothingSecretTold);
        yield return Mistake("long-report", AllPoints.ReportWritten);
    }

    [TestCaseSource(nameof(Mistakes))]
    public async Task Judge_OneMistake_IsRefusedAtItsPoints(string mistake, IReadOnlyList<Point> points)
    {
        // The other trials cannot meet the mistake, and the example passes them.
        var trials = Suite.Trials.Where(trial => trial.Points.Intersect(points).Any());
        var findings = await Suite.JudgeAsync(RunnerUnderTest.Wrong(mistake), trials);
        var refused = findings.Where(finding => !finding.Passed).ToList();
        Assert.That(
            refused.Select(finding => finding.Point).Distinct().OrderBy(point => point.Number), Is.EqualTo(points.OrderBy(point => point.Number)),
            string.Join('\n', refused));
    }

    [Test]
    public void Mistakes_EachHasATest()
    {
        var written = File.ReadLines(Repository.PathOf("tests/AgentOperator.ProtocolConformance/WrongRunner/wrong_runner.py"))
            .SkipWhile(line => line != "@mistake").Where(line => line.StartsWith("def ", StringComparison.Ordinal))
            .Select(line => line["def ".Length..line.IndexOf('(', StringComparison.Ordinal)].Replace('_', '-'));
        Assert.That(Mistakes().Select(mistake => mistake.Arguments[0]), Is.EquivalentTo(written));
    }

    private static TestCaseData Mistake(string name, params Point[] points) => new TestCaseData(name, points).SetArgDisplayNames(name);
}
