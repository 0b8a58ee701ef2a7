using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using AgentOperator.Chaos.Judging;
using AgentOperator.Chaos.RealCluster;
using AgentOperator.Testing;

namespace AgentOperator.Chaos;

/// <summary>Does what the command line says: a line now and then, and the last line that counts what was found.</summary>
internal sealed class CommandLine(TextWriter output, TextWriter errors)
{
    private const int Wrong = 64;
    private const int Unusable = 70;
    private const int Interrupted = 130;
    private const int MaxPrinted = 20;

    /// <summary>Runs the program.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> RunAsync(string[] arguments)
    {
        ChaosArguments parsed;
        try
        {
            parsed = ChaosArguments.Parse(arguments);
        }
        catch (ArgumentsException exception)
        {
            errors.WriteLine($"chaos: {exception.Message}; chaos --help shows what there is");
            return Wrong;
        }

        if (parsed.Command == ChaosCommand.Help)
        {
            output.WriteLine(ChaosArguments.Help);
            return 0;
        }

        var tally = new Tally();
        if (parsed.Command is ChaosCommand.Simulate or ChaosCommand.All)
        {
            Simulate(parsed, tally);
        }

        if (parsed.Command is ChaosCommand.Cluster or ChaosCommand.All && await StrikeAsync(parsed.Cluster, tally) is { } failure)
        {
            return failure;
        }

        output.WriteLine(tally.ToString());
        return tally.Failed == 0 ? 0 : 1;
    }

    private void Simulate(ChaosArguments arguments, Tally tally)
    {
        var watch = Stopwatch.StartNew();
        var reported = TimeSpan.Zero;
        for (var seed = arguments.First; seed < arguments.First + arguments.Seeds; seed++)
        {
            var result = Simulation.Run(seed, trace: arguments.Trace ? output : null);
            tally.Add(result);
            if (result.Findings.Count > 0 && tally.Failed <= MaxPrinted)
            {
                Print(result);
            }

            if (watch.Elapsed - reported > TimeSpan.FromSeconds(5))
            {
                reported = watch.Elapsed;
                output.WriteLine(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"chaos: {tally.Seeds} of {arguments.Seeds} seeds, {tally.Kills} kills, {tally.Failed} failed, {reported.TotalSeconds:0} s"));
            }
        }
    }

    /// <summary>The cluster layer.</summary>
    /// <returns>The exit code when it could not be judged; otherwise null.</returns>
    private async Task<int?> StrikeAsync(ClusterOptions options, Tally tally)
    {
        if (!TestCluster.IsLocal)
        {
            errors.WriteLine("chaos: CLUSTER=current: the strikes kill processes of the cluster's machine, which is not ours");
            return Unusable;
        }

        using var interrupted = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal);
        try
        {
            var cluster = await TestCluster.StartAsync(errors);
            using var client = cluster.Client;
            var result = await new ClusterChaos(options, cluster, output, TimeProvider.System).RunAsync(interrupted.Token);
            if (result.Verdict is not { } verdict)
            {
                output.WriteLine("chaos: interrupted; the cluster is as it was");
                return Interrupted;
            }

            tally.Add(result.Kills, result.Runs, [.. verdict.Findings.Select(finding => finding.Kind)]);
            return null;
        }
        catch (Exception exception) when (exception is InvalidOperationException or TimeoutException or HttpRequestException)
        {
            errors.WriteLine($"chaos: the cluster cannot be used: {exception.Message}");
            return Unusable;
        }

        void OnSignal(PosixSignalContext context)
        {
            // The strikes that are under way are undone first.
            context.Cancel = true;
            interrupted.Cancel();
        }
    }

    private void Print(SimulationResult result)
    {
        output.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"chaos: seed {result.Seed} failed; again with its trace: chaos simulate --seed {result.Seed} --trace"));
        foreach (var finding in result.Findings.Take(5))
        {
            output.WriteLine($"  {finding}");
        }
    }
}
