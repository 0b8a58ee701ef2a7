namespace AgentOperator.Benchmarks.Reports.Plots;

/// <summary>The colours of all plots.</summary>
internal static class Palette
{
    public const string Ours = "#2f6db3";
    public const string Peer = "#aab4c1";
    public const string Reached = "#2e8b66";
    public const string Missed = "#d0653c";
    public const string Ink = "#1f2933";
    public const string Faint = "#66707c";
    public const string Grid = "#e3e7ec";
    public const string Paper = "#ffffff";
}
