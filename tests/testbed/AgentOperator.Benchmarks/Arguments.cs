using System.Globalization;

namespace AgentOperator.Benchmarks;

/// <summary>What the command line asks for.</summary>
internal sealed record Arguments
{
    public const string Help = """
        Measures the operator beside its peers, on a real control plane with simulated nodes; recovery and overhead on
        a real node, which needs root or sudo.

        usage: make bench   or   dotnet run --project tests/testbed/AgentOperator.Benchmarks -c Release -- [OPTION...]

          --only NAME,...     the benchmarks to run (default: all); --list shows them
          --list              the benchmarks, and what each measures beside what
          --runs N            runs in a throughput benchmark (default 2000)
          --retained N,...    finished runs that are kept (default 1000,5000,20000)
          --repetitions N     interleaved repetitions (default 5)
          --cluster NAME      local control plane to use (default: bench); one that did not run is taken down when no row needs it any more
          --report PATH       the report (default docs/benchmarks.md, or none with --only: a part would replace the whole; - for none);
                              plots and figures.json go into the folder of the same name, and what figures.json held is shown as the run before
          --help              this text

        The real node is the tests' cluster (local, or AGENTOPERATOR_TEST_CLUSTER); it is taken down too, unless it ran before.
        """;

    public IReadOnlyList<string> Only { get; init; } = [];

    public bool List { get; init; }

    public bool ShowHelp { get; init; }

    public int Runs { get; init; } = 2000;

    public IReadOnlyList<int> Retained { get; init; } = [1000, 5000, 20000];

    public int Repetitions { get; init; } = 5;

    public string Cluster { get; init; } = "bench";

    /// <summary>Where the report is written; null for nowhere.</summary>
    public string? ReportPath => Report switch
    {
        null => Only.Count == 0 ? "docs/benchmarks.md" : null,
        "-" => null,
        var given => given,
    };

    private string? Report { get; init; }

    /// <exception cref="FormatException">An option is unknown, or its value cannot be read.</exception>
    public static Arguments Parse(IReadOnlyList<string> given)
    {
        var arguments = new Arguments();
        for (var i = 0; i < given.Count; i++)
        {
            arguments = given[i] switch
            {
                "-h" or "--help" => arguments with { ShowHelp = true },
                "--list" => arguments with { List = true },
                "--only" => arguments with { Only = Value().Split(',', StringSplitOptions.RemoveEmptyEntries) },
                "--runs" => arguments with { Runs = Number(Value()) },
                "--retained" => arguments with { Retained = [.. Value().Split(',').Select(Number)] },
                "--repetitions" => arguments with { Repetitions = Number(Value()) },
                "--cluster" => arguments with { Cluster = Value() },
                "--report" => arguments with { Report = Value() },
                var other => throw new FormatException($"unknown option {other}"),
            };

            string Value() => ++i < given.Count ? given[i] : throw new FormatException($"{given[i - 1]} needs a value");
        }

        return arguments;
    }

    private static int Number(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0
            ? number
            : throw new FormatException($"{text} is not a number above 0");
}
