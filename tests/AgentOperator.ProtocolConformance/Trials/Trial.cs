using System.Text.Json;

namespace AgentOperator.ProtocolConformance.Trials;

/// <summary>A situation that a runner is put into, and the points that can be seen in it.</summary>
internal abstract class Trial
{
    /// <summary>What it decides.</summary>
    public abstract IReadOnlyList<Point> Points { get; }

    /// <summary>Its name in findings.</summary>
    public string Name => GetType().Name;

    /// <summary>Puts a runner into it.</summary>
    public async Task<IReadOnlyList<Finding>> JudgeAsync(RunnerUnderTest runner)
    {
        var verdict = new Verdict(Name);
        try
        {
            await RunAsync(runner, verdict);
        }
        catch (Exception exception) when (exception is not (OutOfMemoryException or AssertionException))
        {
            // Whatever the runner did: the suite goes on and says at which points.
            verdict.Break(Points, $"{exception.GetType().Name}: {exception.Message}");
        }

        verdict.Break(Points, "the trial ended before");
        return verdict.Findings;
    }

    /// <summary>Does it.</summary>
    protected abstract Task RunAsync(RunnerUnderTest runner, Verdict verdict);

    /// <summary>Whether the run's end is committed like this.</summary>
    protected static async Task<RunFinishedPayload?> EndOfAsync(Stage stage) =>
        (await stage.RecordsAsync()).LastOrDefault(record => record.Kind == RecordKinds.RunFinished) is { } end
            ? JsonSerializer.Deserialize(end.Payload, ProtocolJson.Default.RunFinishedPayload)
            : null;

    /// <summary>The committed records of a kind.</summary>
    protected static async Task<IReadOnlyList<JournalRecord>> RecordsAsync(Stage stage, params string[] kinds) =>
        [.. (await stage.RecordsAsync()).Where(record => kinds.Contains(record.Kind))];

    /// <summary>The outcomes of tool calls.</summary>
    protected static async Task<IReadOnlyList<(string Kind, ToolOutcomePayload Payload)>> OutcomesAsync(Stage stage) =>
    [
        .. (await RecordsAsync(stage, RecordKinds.ToolResult, RecordKinds.ToolFailed, RecordKinds.ToolUnknown)).Select(record => (
            record.Kind, JsonSerializer.Deserialize(record.Payload, ProtocolJson.Default.ToolOutcomePayload)!)),
    ];

    /// <summary>An end as a text.</summary>
    protected static string Say(RunFinishedPayload? end) =>
        end is null ? "the run has no end" : $"{end.Outcome} {end.Reason}: {end.Message ?? end.Result}";
}
