using System.Globalization;

namespace AgentOperator.EndToEnd.Support;

/// <summary>Reads the text that Prometheus scrapes.</summary>
internal static class Metrics
{
    /// <summary>The sum of a metric's samples that have a label; 0 when there is none.</summary>
    public static double Sum(string text, string metric, string label) => text.Split('\n')
        .Where(line => line.StartsWith(metric + "{", StringComparison.Ordinal) && line.Contains(label, StringComparison.Ordinal))
        .Sum(line => double.Parse(line[(line.IndexOf('}', StringComparison.Ordinal) + 1)..].Trim().Split(' ')[0], CultureInfo.InvariantCulture));
}
