using System.Globalization;

namespace AgentOperator.Benchmarks;

/// <summary>What a figure is to reach, as a number.</summary>
/// <param name="Bound">The bound.</param>
/// <param name="Unit">Its unit; <c>x</c> for the ratio to the peer.</param>
/// <param name="IsMost">Whether it is the most that the figure may be, or the least.</param>
internal sealed record Goal(double Bound, string Unit, bool IsMost)
{
    private const string OfPeer = "x";

    public static Goal AtMost(double bound, string unit) => new(bound, unit, true);

    public static Goal AtMostOfPeer(double ratio) => new(ratio, OfPeer, true);

    public static Goal AtLeastOfPeer(double ratio) => new(ratio, OfPeer, false);

    /// <summary>How much of what is allowed a value takes: up to 1 the goal is reached.</summary>
    /// <param name="value">The value.</param>
    /// <param name="peer">The peer's.</param>
    /// <returns>Null when there is no peer to compare with.</returns>
    public double? ShareOf(double value, double? peer)
    {
        var bounded = Unit == OfPeer ? value / peer : value;
        return IsMost ? bounded / Bound : Bound / bounded;
    }

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"at {(IsMost ? "most" : "least")} {Bound}{(Unit == OfPeer ? "" : " ")}{Unit}");
}
