using System.Diagnostics;
using System.Globalization;
using AgentOperator.Chaos.Oracles;

namespace AgentOperator.Chaos;

/// <summary><c>chaos simulate</c>: seeds in a row, a line now and then, and the last line that counts what was found.</summary>
internal sealed class CommandLine(TextWriter output, TextWriter errors)
{
    private const string Usage = "usage: chaos simulate [--seeds N] [--first N] [--seed N [--trace]]";
    private const int Wrong = 64;
    private const int MaxPrinted = 20;

    public int Run(string[] arguments)
    {
        if (arguments is not ["simulate", .. var options])
        {
            errors.WriteLine(Usage);
            return Wrong;
        }

        var (count, first, trace) = (10_000UL, 1UL, false);
        for (var i = 0; i < options.Length; i++)
        {
            if (options[i] == "--trace")
            {
                trace = true;
            }
            else if (i + 1 < options.Length && ulong.TryParse(options[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                && options[i] is "--seeds" or "--first" or "--seed")
            {
                (count, first) = options[i] switch
                {
                    "--seeds" => (number, first),
                    "--first" => (count, number),
                    _ => (1UL, number),
                };
                i++;
            }
            else
            {
                errors.WriteLine(Usage);
                return Wrong;
            }
        }

        return Simulate(first, count, trace);
    }

    private int Simulate(ulong first, ulong count, bool trace)
    {
        var simulation = new Simulation();
        var tally = new Tally();
        var watch = Stopwatch.StartNew();
        var reported = TimeSpan.Zero;
        for (var seed = first; seed < first + count; seed++)
        {
            var result = simulation.Run(seed, trace: trace ? output : null);
            tally.Add(result);
            if (result.Findings.Count > 0 && tally.Failed <= MaxPrinted)
            {
                Print(result);
            }

            if (watch.Elapsed - reported > TimeSpan.FromSeconds(5))
            {
                reported = watch.Elapsed;
                output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"chaos: {tally.Seeds} of {count} seeds, {tally.Kills} kills, {tally.Failed} failed, {reported.TotalSeconds:0} s"));
            }
        }

        output.WriteLine(tally.ToString());
        return tally.Failed == 0 ? 0 : 1;
    }

    private void Print(SimulationResult result)
    {
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"chaos: seed {result.Seed} failed; again with its trace: chaos simulate --seed {result.Seed} --trace"));
        foreach (var finding in result.Findings.Take(5))
        {
            output.WriteLine($"  {finding.Kind}: {finding.Text}");
        }
    }
}
