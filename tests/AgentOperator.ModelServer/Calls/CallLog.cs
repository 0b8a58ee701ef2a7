using AgentOperator.ModelServer.Persistence;

namespace AgentOperator.ModelServer.Calls;

/// <summary>Every call of the model. A call is in the log before its reply is sent, so who has an answer also finds its record.</summary>
public sealed class CallLog : IDisposable
{
    private readonly Lock gate = new();
    private readonly List<CallRecord> records = [];
    private readonly Dictionary<(string Scenario, string Run, int Step), int> visits = [];
    private readonly JsonLinesFile<CallRecord>? file;
    private TaskCompletionSource changed = NewSignal();
    private long lastNumber;
    private int inFlight;

    internal CallLog(string? path)
    {
        if (path is null)
            return;
        file = new JsonLinesFile<CallRecord>(path, ModelServerJsonContext.Default.CallRecord);
        foreach (var record in file.Loaded)
        {
            records.Add(record);
            lastNumber = Math.Max(lastNumber, record.Number);
            if (record is { Outcome: not CallOutcome.Rejected, Scenario: { } scenario, Run: { } run, Step: { } step })
                CountVisit(scenario, run, step);
        }
    }

    /// <summary>Calls that arrived and are not finished; a test that kills a caller in the middle of a call waits for one.</summary>
    public int InFlight => Volatile.Read(ref inFlight);

    /// <summary>The finished calls in order of arrival, of one scenario and one run when they are given.</summary>
    public IReadOnlyList<CallRecord> List(string? scenario = null, string? run = null)
    {
        lock (gate)
        {
            return [.. records
                .Where(record => (scenario is null || record.Scenario == scenario) && (run is null || record.Run == run))
                .OrderBy(record => record.Number)];
        }
    }

    /// <summary>Counts of the finished calls, of one scenario and one run when they are given.</summary>
    public CallSummary Summarize(string? scenario = null, string? run = null) =>
        CallSummary.Of(List(), scenario, run) with { InFlight = InFlight };

    /// <summary>Waits until the log fulfils a condition, which is asked again after each call.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    public async Task WaitAsync(Func<IReadOnlyList<CallRecord>, bool> condition, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(condition);
        while (true)
        {
            Task next;
            lock (gate)
                next = changed.Task;
            if (condition(List()))
                return;
            await next.WaitAsync(ct);
        }
    }

    /// <summary>Forgets all calls, also in the file, and how often each step was asked; numbers go on.</summary>
    public void Clear()
    {
        lock (gate)
        {
            records.Clear();
            visits.Clear();
            file?.Clear();
            Signal();
        }
    }

    public void Dispose() => file?.Dispose();

    /// <summary>The number of a call that arrives now; <see cref="Add"/> finishes it.</summary>
    internal long Begin()
    {
        Interlocked.Increment(ref inFlight);
        return Interlocked.Increment(ref lastNumber);
    }

    /// <summary>Counts that a run asks a step, and returns how often it had asked it before: this is what faults go by.</summary>
    internal int CountVisit(string scenario, string run, int step)
    {
        lock (gate)
        {
            var before = visits.GetValueOrDefault((scenario, run, step));
            visits[(scenario, run, step)] = before + 1;
            return before;
        }
    }

    internal void Add(CallRecord record)
    {
        lock (gate)
        {
            Interlocked.Decrement(ref inFlight);
            file?.Append(record);
            records.Add(record);
            Signal();
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Signal()
    {
        changed.TrySetResult();
        changed = NewSignal();
    }
}
