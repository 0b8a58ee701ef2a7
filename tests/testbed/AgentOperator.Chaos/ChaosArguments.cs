using System.Globalization;
using AgentOperator.Chaos.RealCluster;

namespace AgentOperator.Chaos;

/// <summary>The command line, read.</summary>
internal sealed record ChaosArguments
{
    /// <summary>How the program is used.</summary>
    public const string Help = """
        Strikes AgentOperator wherever it can be struck, and judges from outside what came of it.

        usage: chaos simulate [--seeds N] [--first N] [--seed N [--trace]]
               chaos cluster [--kills N] [--runs-at-once N] [--seed N] [--keep FOLDER]
               chaos all [--seeds N] [--kills N] [--runs-at-once N] [--seed N] [--keep FOLDER]

        simulate: operator and runner in one process on a virtual clock, with faults at every await.
          --seeds N         seeds in a row. Default: 10000
          --first N         the first of them. Default: 1
          --seed N          this seed only; the same seed happens exactly alike
          --trace           print all that happens

        cluster: runs on the real local cluster, which is started when it is not there; needs root or sudo.
          --kills N         strikes that have to hit, 1 to 100000. Default: 200
          --runs-at-once N  runs that are kept working, 1 to 100. Default: 50
          --seed N          the agents and the strikes follow from it. Default: 1
          --keep FOLDER     where strikes, and all about what was found, are kept. Default: a new folder that is printed

        all: simulate, then cluster; --seed is the cluster's, and the last line sums both up.

        The last line: chaos: seeds=N kills=K runs=R lost=0 repeated=0 duplicated=0 stuck=0 orphans=0
        Exit codes: 0 nothing was found, 1 something was found, 64 wrong arguments, 70 the cluster could not be used, 130 interrupted.
        """;

    /// <summary>What to do.</summary>
    public required ChaosCommand Command { get; init; }

    /// <summary>Seeds of the simulation.</summary>
    public ulong Seeds { get; init; } = 10_000;

    /// <summary>The first of them.</summary>
    public ulong First { get; init; } = 1;

    /// <summary>Whether the simulation prints all that happens.</summary>
    public bool Trace { get; init; }

    /// <summary>What the cluster layer is started with.</summary>
    public ClusterOptions Cluster { get; init; } = new(200, 50, 1, null);

    /// <summary>Reads the arguments.</summary>
    /// <exception cref="ArgumentsException">They are wrong; the message says how.</exception>
    public static ChaosArguments Parse(IReadOnlyList<string> arguments)
    {
        if (arguments.Any(argument => argument is "--help" or "-h") || arguments is ["help"])
        {
            return new ChaosArguments { Command = ChaosCommand.Help };
        }

        var parsed = new ChaosArguments
        {
            Command = arguments.Count == 0 ? throw new ArgumentsException("a command is missing: simulate, cluster or all") : arguments[0] switch
            {
                "simulate" => ChaosCommand.Simulate,
                "cluster" => ChaosCommand.Cluster,
                "all" => ChaosCommand.All,
                var other => throw new ArgumentsException($"there is no command '{other}': it is simulate, cluster or all"),
            },
        };
        for (var i = 1; i < arguments.Count; i++)
        {
            var option = arguments[i];
            if (option == "--trace" && parsed.Command == ChaosCommand.Simulate)
            {
                parsed = parsed with { Trace = true };
                continue;
            }

            i++;
            parsed = parsed.With(option, i < arguments.Count ? arguments[i] : null);
        }

        return parsed;
    }

    private ChaosArguments With(string option, string? value) => (Command, option) switch
    {
        (ChaosCommand.Simulate or ChaosCommand.All, "--seeds") => this with { Seeds = Number(option, value, 1, uint.MaxValue) },
        (ChaosCommand.Simulate, "--first") => this with { First = Number(option, value, 0, ulong.MaxValue / 2) },
        (ChaosCommand.Simulate, "--seed") => this with { First = Number(option, value, 0, ulong.MaxValue / 2), Seeds = 1 },
        (ChaosCommand.Cluster or ChaosCommand.All, "--seed") =>
            this with { Cluster = Cluster with { Seed = Number(option, value, 0, uint.MaxValue) } },
        (ChaosCommand.Cluster or ChaosCommand.All, "--kills") =>
            this with { Cluster = Cluster with { Kills = (int)Number(option, value, 1, 100_000) } },
        (ChaosCommand.Cluster or ChaosCommand.All, "--runs-at-once") =>
            this with { Cluster = Cluster with { RunsAtOnce = (int)Number(option, value, 1, 100) } },
        (ChaosCommand.Cluster or ChaosCommand.All, "--keep") => this with
        {
            Cluster = Cluster with { Keep = value is { Length: > 0 } ? value : throw new ArgumentsException("--keep needs a folder") },
        },
        _ => throw new ArgumentsException($"there is no option '{option}' of {Command.ToString().ToLowerInvariant()}"),
    };

    private static ulong Number(string option, string? value, ulong low, ulong high) =>
        ulong.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= low && number <= high
            ? number
            : throw new ArgumentsException(
                value is null
                    ? $"{option} needs a number"
                    : string.Create(CultureInfo.InvariantCulture, $"{option} is a number from {low} to {high}, not '{value}'"));
}
