using System.Collections.Concurrent;

namespace AgentOperator.ProtocolConformance.Points;

/// <summary>The checks of one trial. Its parts may run side by side.</summary>
/// <param name="trial">The trial's name.</param>
internal sealed class Verdict(string trial)
{
    private readonly ConcurrentQueue<Finding> _findings = new();

    public IReadOnlyList<Finding> Findings => [.. _findings];

    /// <summary>Notes what a check came to.</summary>
    public void Check(Point point, bool passed, string expected, string seen) =>
        _findings.Enqueue(new Finding(point, trial, passed, expected, seen));

    /// <summary>Notes that the trial broke off: what it did not check has failed.</summary>
    public void Break(IEnumerable<Point> points, string why)
    {
        foreach (var point in points.Where(point => _findings.All(finding => finding.Point != point)))
        {
            Check(point, false, "the trial comes to this point", why);
        }
    }
}
