using System.Globalization;
using System.Text.RegularExpressions;

namespace AgentOperator.Testing;

/// <summary>A reading of a program's metrics.</summary>
internal sealed partial class Metrics
{
    private readonly IReadOnlyList<(string Name, string Labels, double Value)> _samples;

    private Metrics(IReadOnlyList<(string Name, string Labels, double Value)> samples) => _samples = samples;

    /// <summary>Reads the text format of Prometheus.</summary>
    public static Metrics Parse(string text) => new(
        [.. Sample().Matches(text).Select(sample => (
            sample.Groups["name"].Value, sample.Groups["labels"].Value, double.Parse(sample.Groups["value"].Value, CultureInfo.InvariantCulture)))]);

    /// <summary>The names of all metrics.</summary>
    public IEnumerable<string> Names => _samples.Select(sample => sample.Name).Distinct();

    /// <summary>The sum of a metric over all its labels, or those that contain a text.</summary>
    public double Sum(string name, string labels = "") =>
        _samples.Where(sample => sample.Name == name && sample.Labels.Contains(labels, StringComparison.Ordinal)).Sum(sample => sample.Value);

    /// <summary>The samples of a metric: their labels, as they are written, and their values.</summary>
    public IEnumerable<(string Labels, double Value)> Of(string name) =>
        _samples.Where(sample => sample.Name == name).Select(sample => (sample.Labels, sample.Value));

    /// <summary>The samples whose name contains a text, one a line.</summary>
    public string Lines(string name) => string.Join(
        Environment.NewLine,
        _samples.Where(sample => sample.Name.Contains(name, StringComparison.Ordinal))
            .Select(sample => string.Create(CultureInfo.InvariantCulture, $"{sample.Name}{{{sample.Labels}}} {sample.Value}")));

    [GeneratedRegex(
        """^(?<name>[a-zA-Z_:][\w:]*)(?:\{(?<labels>[^}]*)\})? (?<value>[0-9.eE+-]+)(?: \d+)?$""",
        RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex Sample();
}
