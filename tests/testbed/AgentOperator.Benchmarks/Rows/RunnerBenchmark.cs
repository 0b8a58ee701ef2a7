using System.Globalization;
using AgentOperator.Benchmarks.Runners;
using AgentOperator.SimulatedNodes.Operators;
using AgentOperator.SimulatedNodes.Runs;

namespace AgentOperator.Benchmarks.Rows;

/// <summary>How soon the runner asks the model, and how much memory a long run of it takes, beside a plain Semantic Kernel program.</summary>
internal sealed class RunnerBenchmark : IBenchmark
{
    /// <summary>Model calls: all but the last ask for a command.</summary>
    private const int Steps = 100;

    private const string Scenario = "runner";
    private const string PlainScenario = "plain";
    private const double Megabyte = 1e6;
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(5);

    public IReadOnlyList<string> Figures => ["runner-start", "runner-rss"];

    public string Description => string.Create(
        CultureInfo.InvariantCulture,
        $"the image's runner as a process with a real gateway: from its start to its first model call, and the most memory of {Steps} steps; beside "
            + $"a plain Semantic Kernel program, compiled just in time, that takes as many steps and asks the same model directly");

    public async IAsyncEnumerable<Figure> RunAsync(BenchmarkSites sites, Arguments arguments, TextWriter progress)
    {
        var folder = Directory.CreateTempSubdirectory("agentoperator-runner-");
        await progress.WriteLineAsync("runner: its image is built unless it is there");
        var image = await RunnerImage.BuildAsync(folder.FullName);
        var environment = EnvironmentOf(image);
        RunnerWorkload? runner = null;
        await using var stage = await Stage.SetUpAsync(
            await sites.ControlPlaneAsync(),
            "runner",
            built => runner = new RunnerWorkload(built, image, environment, new AgentProcess(built.Model, Steps, folder.FullName)),
            gatewayHost: "localhost");
        stage.Model.PutScenario(Scenario, Script("shell"));
        stage.Model.PutScenario(PlainScenario, Script("agent-shell"));
        var plain = new AgentProcess(stage.Model, Steps, folder.FullName);
        var (ours, theirs) = (new List<AgentMeasurement>(), new List<AgentMeasurement>());

        // The first of each is not counted: the operator compiles code on its first use, and the programs are read from disk.
        for (var repetition = 0; repetition <= arguments.Repetitions; repetition++)
        {
            using var deadline = new CancellationTokenSource(Deadline);
            var name = string.Create(CultureInfo.InvariantCulture, $"run-{repetition}");
            await RunCreator.CreateAsync(stage.Plane, stage.Namespace, name, 1, Scenario);
            var measured = await runner!.NextAsync(deadline.Token);
            await stage.WaitAsync(repetition + 1, Deadline);
            var beside = await plain.RunAsync("dotnet", PlainArguments(stage, name), environment, deadline.Token);
            await progress.WriteLineAsync(
                $"runner {(repetition > 0 ? repetition : "warm-up")}: {Describe(measured)}; the plain program {Describe(beside)}");
            if (repetition > 0)
            {
                ours.Add(measured);
                theirs.Add(beside);
            }
        }

        folder.Delete(recursive: true);
        var start = Figure.OfMedian("runner-start", Milliseconds(ours), "ms", Milliseconds(theirs));
        yield return start with
        {
            Goal = Goal.AtMostOfPeer(0.1),
            Note =
                "from before the process is started until its first call arrives at the model; the runner's goes through the operator's gateway "
                    + "(TLS, a review of the token, the run, its journal, the call), "
                + "and its epoch is claimed before; the plain program's goes to the model directly",
        };
        var memory = Figure.OfMedian("runner-rss", Peaks(ours), "MB", Peaks(theirs));
        yield return memory with
        {
            Goal = Goal.AtMost(40, "MB"),
            Note = string.Create(
                CultureInfo.InvariantCulture,
                $"VmHWM of {Steps} steps with 1 KB of output each, read every 5 ms; not pages of files, {Figure.Format(Anonymous(ours))} MB beside "
                    + $"{Figure.Format(Anonymous(theirs))}; the steps took "
                + $"{Figure.Format(Seconds(ours))} s with the journal and the gateway, beside {Figure.Format(Seconds(theirs))} s"),
        };
    }

    /// <summary>The same tokens in each answer: estimated ones would use up the run's budget.</summary>
    private static string Script(string shell) => string.Create(CultureInfo.InvariantCulture, $$"""
        steps:
        - toolCalls: [{name: {{shell}}, arguments: {command: 'seq 1 283'} }]
          usage: {prompt: 1000, completion: 50}
          repeat: {{Steps - 1}}
        - text: done
          usage: {prompt: 1000, completion: 5}
        """);

    private static IReadOnlyList<string> PlainArguments(Stage stage, string name) =>
    [
        Binaries.PathOf("tests/testbed/AgentOperator.Benchmarks.PlainAgent", "AgentOperator.Benchmarks.PlainAgent.dll"),
        new Uri(stage.Model.BaseUri, "v1").ToString(), PlainScenario, $"Do what the script says, as {name}.",
    ];

    /// <summary>What the image sets, for both: it suits the plain program as well.</summary>
    private static Dictionary<string, string> EnvironmentOf(RunnerImage image) => new(image.Environment)
    {
        ["PATH"] = Environment.GetEnvironmentVariable("PATH") ?? "",
        ["HOME"] = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile),
    };

    private static string Describe(AgentMeasurement measured) =>
        $"{Figure.Format(measured.ToFirstCall.TotalMilliseconds)} ms, {Figure.Format(measured.PeakBytes / Megabyte)} MB, "
            + $"{Figure.Format(measured.Duration.TotalSeconds)} s";

    private static IReadOnlyList<double> Milliseconds(IReadOnlyList<AgentMeasurement> measured) =>
        [.. measured.Select(one => one.ToFirstCall.TotalMilliseconds)];

    private static IReadOnlyList<double> Peaks(IReadOnlyList<AgentMeasurement> measured) => [.. measured.Select(one => one.PeakBytes / Megabyte)];

    private static double Anonymous(IReadOnlyList<AgentMeasurement> measured) =>
        Statistics.Median([.. measured.Select(one => one.PeakAnonymousBytes / Megabyte)]);

    private static double Seconds(IReadOnlyList<AgentMeasurement> measured) =>
        Statistics.Median([.. measured.Select(one => one.Duration.TotalSeconds)]);
}
