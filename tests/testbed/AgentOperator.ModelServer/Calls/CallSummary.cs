namespace AgentOperator.ModelServer.Calls;

/// <summary>Counts of calls: the totals, and each run's.</summary>
public sealed record CallSummary
{
    /// <summary>Answered calls.</summary>
    public int ModelCalls { get; init; }

    /// <summary>Answered calls that repeat an answered one; see <see cref="RunSummary.RepeatedModelCalls"/>.</summary>
    public int RepeatedModelCalls { get; init; }

    /// <summary>Calls that ended in a fault or were dropped.</summary>
    public int Faults { get; init; }

    /// <summary>Calls that were refused.</summary>
    public int Rejected { get; init; }

    /// <summary>Calls whose caller went away before the answer was sent.</summary>
    public int ClientGone { get; init; }

    /// <summary>Calls of any run that arrived and are not finished.</summary>
    public int InFlight { get; init; }

    /// <summary>The runs in order of their first call. Requests that could not be read are one entry without a run.</summary>
    public IReadOnlyList<RunSummary> Runs { get; init; } = [];

    /// <summary>Counts a log in order of arrival. The filters choose what is counted, not what counts as answered before.</summary>
    internal static CallSummary Of(IReadOnlyList<CallRecord> log, string? scenario, string? run)
    {
        var repeated = FindRepeated(log);
        var runs = log
            .Where(call => (scenario is null || call.Scenario == scenario) && (run is null || call.Run == run))
            .GroupBy(call => (call.Scenario, call.Run))
            .Select(calls => new RunSummary
            {
                Scenario = calls.Key.Scenario,
                Run = calls.Key.Run,
                ModelCalls = Count(calls, CallOutcome.Answered),
                RepeatedModelCalls = calls.Count(call => repeated.Contains(call.Number)),
                Faults = Count(calls, CallOutcome.Fault) + Count(calls, CallOutcome.Dropped),
                Rejected = Count(calls, CallOutcome.Rejected),
                ClientGone = Count(calls, CallOutcome.ClientGone),
                LastStep = calls.Where(call => call.Outcome == CallOutcome.Answered).Max(call => call.Step),
            })
            .ToList();
        return new CallSummary
        {
            ModelCalls = runs.Sum(counts => counts.ModelCalls),
            RepeatedModelCalls = runs.Sum(counts => counts.RepeatedModelCalls),
            Faults = runs.Sum(counts => counts.Faults),
            Rejected = runs.Sum(counts => counts.Rejected),
            ClientGone = runs.Sum(counts => counts.ClientGone),
            Runs = runs,
        };
    }

    private static HashSet<long> FindRepeated(IReadOnlyList<CallRecord> log)
    {
        var hashes = new HashSet<string>(StringComparer.Ordinal);
        var steps = new HashSet<(string? Scenario, string? Run, int? Step)>();
        var repeated = new HashSet<long>();
        foreach (var call in log.Where(call => call.Outcome == CallOutcome.Answered))
        {
            // Both are always added, because a step may be repeated with another body, and a body by another run.
            var newHash = hashes.Add(call.RequestHash);
            var newStep = steps.Add((call.Scenario, call.Run, call.Step));
            if (!newHash || !newStep)
                repeated.Add(call.Number);
        }

        return repeated;
    }

    private static int Count(IEnumerable<CallRecord> calls, CallOutcome outcome) => calls.Count(call => call.Outcome == outcome);
}
