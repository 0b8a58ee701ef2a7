using AgentOperator.ModelServer.Persistence;

namespace AgentOperator.ModelServer.Calls;

/// <summary>Every call of the model. A call is in the log before its reply is sent, so who has an answer also finds its record.</summary>
public sealed class CallLog : IDisposable
{
    private readonly Lock _gate = new();
    private readonly List<CallRecord> _records = [];
    private readonly Dictionary<(string Scenario, string Run, int Step), int> _visits = [];
    private readonly JsonLinesFile<CallRecord>? _file;
    private TaskCompletionSource _changed = NewSignal();
    private long _lastNumber;
    private int _inFlight;

    internal CallLog(string? path)
    {
        if (path is null)
            return;
        _file = new JsonLinesFile<CallRecord>(path, ModelServerJsonContext.Default.CallRecord);
        foreach (var record in _file.Loaded)
        {
            _records.Add(record);
            _lastNumber = Math.Max(_lastNumber, record.Number);
            if (record is { Outcome: not CallOutcome.Rejected, Scenario: { } scenario, Run: { } run, Step: { } step })
                CountVisit(scenario, run, step);
        }
    }

    /// <summary>Calls that arrived and are not finished; a test that kills a caller in the middle of a call waits for one.</summary>
    public int InFlight => Volatile.Read(ref _inFlight);

    /// <summary>The finished calls in order of arrival, of one scenario and one run when they are given.</summary>
    public IReadOnlyList<CallRecord> List(string? scenario = null, string? run = null)
    {
        lock (_gate)
        {
            return [.. _records
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
            lock (_gate)
                next = _changed.Task;
            if (condition(List()))
                return;
            await next.WaitAsync(ct);
        }
    }

    /// <summary>Forgets all calls, also in the file, and how often each step was asked; numbers go on.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            _records.Clear();
            _visits.Clear();
            _file?.Clear();
            Signal();
        }
    }

    public void Dispose() => _file?.Dispose();

    /// <summary>The number of a call that arrives now; <see cref="Add"/> finishes it.</summary>
    internal long Begin()
    {
        Interlocked.Increment(ref _inFlight);
        return Interlocked.Increment(ref _lastNumber);
    }

    /// <summary>Counts that a run asks a step, and returns how often it had asked it before: this is what faults go by.</summary>
    internal int CountVisit(string scenario, string run, int step)
    {
        lock (_gate)
        {
            var before = _visits.GetValueOrDefault((scenario, run, step));
            _visits[(scenario, run, step)] = before + 1;
            return before;
        }
    }

    internal void Add(CallRecord record)
    {
        lock (_gate)
        {
            Interlocked.Decrement(ref _inFlight);
            _file?.Append(record);
            _records.Add(record);
            Signal();
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Signal()
    {
        _changed.TrySetResult();
        _changed = NewSignal();
    }
}
