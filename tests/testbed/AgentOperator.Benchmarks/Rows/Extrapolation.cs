using System.Globalization;

namespace AgentOperator.Benchmarks.Rows;

/// <summary>What many more finished runs would cost than are made here: a straight line through two measurements.</summary>
internal sealed class Extrapolation(RetainedState few, RetainedState many)
{
    /// <summary>Runs that are kept.</summary>
    public const int Runs = 250_000;

    private const double KiB = 1024;
    private const double GiB = KiB * KiB * KiB;

    /// <summary>The most that etcd's authors suggest, and what it allows unless it is told otherwise.</summary>
    private const double MostGiB = 8;
    private const double DefaultGiB = 2;

    public IEnumerable<Figure> Figures()
    {
        var perRun = PerRun(state => state.StoreBytes);
        var store = At(state => state.StoreBytes);
        yield return new Figure($"scale-{Runs}-store", store / GiB, "GiB")
        {
            Goal = Goal.AtMost(MostGiB, "GiB"),
            Note = string.Create(
                CultureInfo.InvariantCulture,
                $"extrapolated from {few.Runs} and {many.Runs}: {perRun / KiB:0.0} KiB a run with a journal of one model answer, in etcd compacted "
                    + $"and defragmented; so {MostGiB:0} GiB hold {Holds(MostGiB, perRun):N0} such runs, "
                + $"and etcd's default of {DefaultGiB:0} GiB {Holds(DefaultGiB, perRun):N0}: what is more must be pruned, as "
                + $"spec.ttlSecondsAfterFinished does; no other store is there yet"),
        };
        yield return new Figure($"scale-{Runs}-memory", At(state => state.Bytes) / KiB / KiB, "MiB")
        {
            Note = Straight("the operator's resident memory", PerRun(state => state.Bytes) / KiB, "KiB"),
        };
        yield return new Figure($"scale-{Runs}-restart", At(state => state.Restart.TotalSeconds), "s")
        {
            Note = Straight("until every run was reconciled", PerRun(state => state.Restart.TotalMilliseconds), "ms"),
        };
    }

    private static double Holds(double gib, double perRun) => Math.Floor(gib * GiB / perRun / 1000) * 1000;

    private double PerRun(Func<RetainedState, double> value) => many.PerRunAfter(few, value);

    private double At(Func<RetainedState, double> value) => value(many) + (PerRun(value) * (Runs - many.Runs));

    private string Straight(string what, double perRun, string unit) =>
        string.Create(CultureInfo.InvariantCulture, $"extrapolated from {few.Runs} and {many.Runs}: {what}, {perRun:0.00} {unit} a run more");
}
