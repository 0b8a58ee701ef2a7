using AgentOperator.Api;
using AgentOperator.Runs.Waiting;
using AgentOperator.Validation;

namespace AgentOperator.Tests.Runs;

/// <summary>Which of an endpoint's runs finds out whether it is available again.</summary>
internal sealed class EndpointProbeTests
{
    private static readonly DateTimeOffset RetryAt = SnapshotBuilder.Now;
    private static readonly EndpointOutage Outage = new(Reasons.EndpointUnavailable, "Overloaded.", RetryAt.AddMinutes(-5), RetryAt);

    [Test]
    public void Is_SeveralRunsWait_TheOldestByTimeAndName() =>
        AssertProbe("b", [Run("c", age: 5), Run("b", age: 9), Run("a", age: 1), Run("d", age: 9)]);

    /// <summary>A run that the provider always fails does not starve the others.</summary>
    [Test]
    public void Is_TheOldestHasTriedBefore_TheOneThatTriedLongestAgo() =>
        AssertProbe("c", [Tried(Run("a", age: 9), -60), Tried(Run("b", age: 8), -90), Tried(Run("c", age: 1), -120)]);

    [Test]
    public void Is_OneHasNeverTried_GoesBeforeThoseThatHave() => AssertProbe("b", [Tried(Run("a", age: 9), -60), Run("b", age: 1)]);

    [Test]
    public void Is_TheOldestCannotGoOn_TheNextOne() => AssertProbe("e", [
        Changed(Run("a", age: 9), run => run.Spec = run.Spec with { Suspend = true }),
        Waits(Run("b", age: 8), Phases.Waiting, Reasons.Diverged),
        Waits(Run("c", age: 7), Phases.Recovering, Reasons.BackingOff),
        Changed(Run("d", age: 6), run => run.Metadata.DeletionTimestamp = RetryAt.UtcDateTime),
        Run("e", age: 1),
        Changed(Run("f", age: 9), run => run.Status = null),
    ], expectAlso: "f");

    [Test]
    public void Is_OneTriesNow_NobodyElse() => AssertProbe(null, [Works(Run("a", age: 9), 0), Run("b", age: 8), Run("c", age: 1)], at: 60);

    [Test]
    public void Is_TheOneThatTriesDoesNotFindOut_TheNextOneAfterTwoMinutes()
    {
        AssertProbe(null, [Works(Run("a", age: 9), 10), Run("b", age: 8)], at: 129);
        AssertProbe("b", [Works(Run("a", age: 9), 10), Run("b", age: 8)], at: 130);
    }

    [Test]
    public void Is_OneWorkedBefore_IsWaitedForAMinute()
    {
        AssertProbe(null, [Works(Run("a", age: 9), -300), Run("b", age: 8)], at: 59);
        AssertProbe("b", [Works(Run("a", age: 9), -300), Run("b", age: 8)], at: 60);
    }

    [Test]
    public void Is_OutageOfOneModel_AmongItsRunsOnly()
    {
        var other = Changed(Run("a", age: 9), run => run.Spec = run.Spec with { Model = run.Spec.Model with { Name = "other" } });
        var run = Run("b", age: 1);
        Assert.That(EndpointProbe.Is(run, [other, run], Outage with { Model = run.Spec.Model.Name }, RetryAt), Is.True);
    }

    /// <summary>Whatever the runs are: at most one goes on, and one does unless one tries or is waited for.</summary>
    [Test]
    public void Is_AnyRuns_ExactlyOneUnlessOneIsAtIt()
    {
        for (var seed = 0; seed < 500; seed++)
        {
            var random = new Random(seed);
            var runs = Enumerable.Range(0, random.Next(1, 8)).Select(number => Any(random, $"run-{number}")).ToList();
            var now = RetryAt.AddSeconds(random.Next(200));
            var waiting = runs.Where(run => run.Status!.Phase == Phases.Waiting && !run.Spec.Suspend).ToList();
            var probes = waiting.Count(run => EndpointProbe.Is(run, runs, Outage, now));
            var isAtIt = runs.Any(run => run.Status!.Attempts?[^1] is { Outcome: null } open && open.StartedAt > now.AddMinutes(-2));
            Assert.That(probes, Is.LessThanOrEqualTo(1), $"seed {seed}");
            Assert.That(probes == 1 || isAtIt || now < RetryAt.AddMinutes(1) || waiting.Count == 0, $"seed {seed}");
        }
    }

    private static void AssertProbe(string? expected, IReadOnlyList<AgentRun> runs, int at = 0, string? expectAlso = null)
    {
        var probes = runs.Where(run => run.Status?.Attempts is not [.., { Outcome: null }])
            .Where(run => !run.Spec.Suspend && run.Metadata.DeletionTimestamp is null)
            .Where(run => run.Status?.FindCondition(ConditionTypes.Running)?.Reason is null or Reasons.EndpointUnavailable)
            .Where(run => EndpointProbe.Is(run, runs, Outage, RetryAt.AddSeconds(at)))
            .Select(run => run.Metadata.Name);
        Assert.That(probes, Is.EqualTo(new[] { expected, expectAlso }.OfType<string>()));
    }

    private static AgentRun Any(Random random, string name)
    {
        var run = Run(name, random.Next(3));
        run = random.Next(3) switch { 0 => Tried(run, -random.Next(300)), 1 => Works(run, random.Next(-400, 200)), _ => run };
        return random.Next(6) == 0 ? Waits(run, Phases.Waiting, Reasons.Suspended, suspend: true) : run;
    }

    private static AgentRun Run(string name, int age)
    {
        var run = new AgentRunBuilder().Build();
        run.Metadata = run.Metadata with { Name = name, Uid = $"uid-{name}", CreationTimestamp = RetryAt.AddHours(-age).UtcDateTime };
        return Waits(run, Phases.Waiting, Reasons.EndpointUnavailable);
    }

    private static AgentRun Waits(AgentRun run, string phase, string reason, bool suspend = false) => Changed(run, changed =>
    {
        changed.Spec = changed.Spec with { Suspend = suspend };
        changed.Status = (changed.Status ?? new AgentRunStatus()) with
        {
            Phase = phase,
            Conditions =
            [
                new Condition { Type = ConditionTypes.Running, Status = "False", Reason = reason, Message = "", LastTransitionTime = RetryAt },
            ],
        };
    });

    private static AgentRun Tried(AgentRun run, int ended) => Changed(run, changed => changed.Status = changed.Status! with
    {
        Attempts =
        [
            new AttemptStatus
            {
                Number = 1, Outcome = Outcomes.EndpointDown, StartedAt = RetryAt.AddHours(-1), FinishedAt = RetryAt.AddSeconds(ended),
            },
        ],
    });

    private static AgentRun Works(AgentRun run, int started) => Changed(run, changed => changed.Status = changed.Status! with
    {
        Phase = Phases.Running, Attempts = [new AttemptStatus { Number = 1, StartedAt = RetryAt.AddSeconds(started) }],
    });

    private static AgentRun Changed(AgentRun run, Action<AgentRun> change)
    {
        change(run);
        return run;
    }
}
