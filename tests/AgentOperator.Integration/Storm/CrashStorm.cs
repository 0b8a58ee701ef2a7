using System.Globalization;
using System.Text.Json;
using AgentOperator.Api;
using AgentOperator.Journal;
using AgentOperator.ModelServer.Calls;
using AgentOperator.SimulatedNodes;
using AgentOperator.SimulatedNodes.Cluster;
using AgentOperator.SimulatedNodes.Pods;
using AgentOperator.SimulatedNodes.Runners;
using AgentOperator.SimulatedNodes.Runs;

namespace AgentOperator.Integration.Storm;

/// <summary>
/// A thousand runs on simulated nodes. All agents die at the same moment, and all runs go on. The API server, the operator, its gateway, the
/// journal, the pods' tokens and the model's protocol are real. Only the nodes are simulated.
/// </summary>
internal sealed class CrashStorm : IAsyncDisposable
{
    public const int RunCount = 1000;

    /// <summary>Model calls of a run: two that ask for a tool, and the final answer.</summary>
    public const int Steps = 3;

    /// <summary>The step that all agents die in.</summary>
    private const int CrashStep = 2;

    private const string Name = "storm";
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(6);

    private readonly CrashGate _gate = new();
    private Stage? _stage;

    /// <summary>The runs as a watch saw them.</summary>
    public IReadOnlyList<SeenRun> Runs => Stage.Observer.Runs;

    /// <summary>The model's own log.</summary>
    public IReadOnlyList<CallRecord> ModelCalls => Stage.Model.Log.List(Name);

    /// <summary>What the API server was asked, from the first run's creation to the last one's end.</summary>
    public ApiCalls Calls { get; private set; } = null!;

    /// <summary>The operator's metrics at the end.</summary>
    public Metrics Operator { get; private set; } = null!;

    /// <summary>From the first run's creation to the last one's end.</summary>
    public TimeSpan Took { get; private set; }

    public Stage Stage => _stage ?? throw new InvalidOperationException("The storm has not begun.");

    /// <summary>Does it all, up to the end of the last run.</summary>
    public async Task PassAsync(LocalControlPlane plane, TextWriter progress)
    {
        _stage = await Stage.SetUpAsync(plane, Name, CrashOf);
        Stage.Script(Name, Steps);
        var before = await ApiCalls.ReadAsync(Stage.Api);
        var started = TimeProvider.System.GetTimestamp();
        try
        {
            await TellAsync(progress, $"{RunCount} runs created", () => RunCreator.CreateAsync(plane, Stage.Namespace, Name, RunCount, Name));
            await TellAsync(progress, "all agents about to die", () => Eventually.TrueAsync(
                $"{RunCount} agents to come to step {CrashStep}", () => Task.FromResult(_gate.Arrived >= RunCount), Deadline));
        }
        catch (TimeoutException exception)
        {
            throw new TimeoutException($"{exception.Message}{Environment.NewLine}{Stage.Describe()}", exception);
        }

        _gate.Open();
        await TellAsync(progress, "all runs ended", () => Stage.WaitAsync(RunCount, Deadline));
        Took = TimeProvider.System.GetElapsedTime(started);
        Calls = (await ApiCalls.ReadAsync(Stage.Api)).Since(before);
        Operator = await Stage.Operator.Process.MetricsAsync();
    }

    /// <summary>The records of every run's journal, with the hash chains verified, by the run's name.</summary>
    public async Task<ILookup<string, Protocol.JournalRecord>> ReadJournalsAsync()
    {
        var list = await Stage.Api.GetAsync(
            $"apis/{ApiConstants.Group}/{ApiConstants.Version}/namespaces/{Stage.Namespace}/{ApiConstants.JournalSegmentPlural}",
            CancellationToken.None);
        return list.GetProperty("items").EnumerateArray()
            .Select(item => item.Deserialize<JournalSegment>(ApiJson.Options)!)
            .SelectMany(segment => SegmentMapping.ToSegment(segment).Decode(after: 0).Select(record => (segment.Spec.RunName, record.Record)))
            .ToLookup(record => record.RunName, record => record.Record);
    }

    public ValueTask DisposeAsync() => _stage?.DisposeAsync() ?? ValueTask.CompletedTask;

    /// <summary>Half are killed for their memory and half fail, each kind at each of the moments at which something may be left half done.</summary>
    private Crash? CrashOf(string run, int attempt)
    {
        if (attempt > 1)
        {
            return null;
        }

        var number = int.Parse(run.AsSpan(run.LastIndexOf('-') + 1), CultureInfo.InvariantCulture);
        return new Crash(CrashStep, (CrashPoint)(number % 3), number % 2 == 0 ? ContainerExit.OutOfMemory : ContainerExit.Error(1), _gate);
    }

    private static async Task TellAsync(TextWriter progress, string what, Func<Task> step)
    {
        var started = TimeProvider.System.GetTimestamp();
        await step();
        await progress.WriteLineAsync(
            string.Create(CultureInfo.InvariantCulture, $"{what} after {TimeProvider.System.GetElapsedTime(started).TotalSeconds:0.0} s"));
    }
}
