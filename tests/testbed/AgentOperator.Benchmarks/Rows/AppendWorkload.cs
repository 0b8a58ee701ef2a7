using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using AgentOperator.SimulatedNodes.Pods;

namespace AgentOperator.Benchmarks.Rows;

/// <summary>A pod that appends to its run's journal and, in turns, writes the same bytes to the API server by itself.</summary>
/// <param name="pairs">How often.</param>
internal sealed class AppendWorkload(int pairs) : IWorkload
{
    /// <summary>The operator is measured as one that has been up for a while: before that it compiles more than it works.</summary>
    private const int WarmUp = 500;

    private const int ContentBytes = 1024;

    private readonly List<double> _appends = [];
    private readonly List<double> _rawWrites = [];
    private Stage? _stage;

    /// <summary>Milliseconds of each append.</summary>
    public IReadOnlyList<double> Appends => _appends;

    /// <summary>Milliseconds of each raw write.</summary>
    public IReadOnlyList<double> RawWrites => _rawWrites;

    public bool IsDone { get; private set; }

    /// <summary>Gives it the stage that it plays on.</summary>
    public IWorkload Bind(Stage stage)
    {
        _stage = stage;
        return this;
    }

    public async Task<ContainerExit> RunAsync(ObservedPod pod, CancellationToken cancellationToken)
    {
        var gateway = await _stage!.ConnectAsync(pod, cancellationToken) ?? throw new InvalidOperationException("The pod is gone.");
        var run = await gateway.GetRunAsync(cancellationToken);
        var head = run.HeadSequence;
        var map = $"api/v1/namespaces/{pod.Namespace}/configmaps";
        await _stage.Api.WriteAsync(HttpMethod.Post, map, ConfigMap(0), cancellationToken);
        for (var number = 1; number <= WarmUp + pairs; number++)
        {
            var request = new AppendRequest(head, [Record(number)]);
            var started = Stopwatch.GetTimestamp();
            head = (await gateway.AppendAsync(request, cancellationToken)).HeadSequence;
            var appended = Stopwatch.GetElapsedTime(started);
            var body = ConfigMap(number);
            started = Stopwatch.GetTimestamp();
            await _stage.Api.WriteAsync(HttpMethod.Put, $"{map}/raw", body, cancellationToken);
            var written = Stopwatch.GetElapsedTime(started);
            if (number > WarmUp)
            {
                _appends.Add(appended.TotalMilliseconds);
                _rawWrites.Add(written.TotalMilliseconds);
            }
        }

        IsDone = true;
        await gateway.FinishAsync(
            new ResultRequest(head, new RunFinishedPayload { Outcome = RunOutcome.Succeeded, Reason = "Completed", Result = "done" }),
            cancellationToken);
        return ContainerExit.Completed;
    }

    private static NewRecord Record(int number)
    {
        var outcome = new ToolOutcomePayload { Tool = ToolSpec.Shell, Content = Content(number) };
        return new NewRecord(
            RecordKinds.ToolResult, JsonSerializer.SerializeToElement(outcome, ProtocolJson.Default.ToolOutcomePayload), $"step-{number}",
            $"call-{number}");
    }

    private static byte[] ConfigMap(int number) => Encoding.UTF8.GetBytes(
        $$$"""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"raw"},"data":{"record":"{{{Content(number)}}}"}}""");

    /// <summary>Text that differs each time and compresses as prose does.</summary>
    private static string Content(int number)
    {
        var text = new StringBuilder(ContentBytes);
        for (var word = 0; text.Length < ContentBytes; word++)
        {
            text.Append(CultureInfo.InvariantCulture, $"line {word} of {number} says {(word * 7919) + (number * 104729):x} ");
        }

        return text.ToString(0, ContentBytes);
    }
}
