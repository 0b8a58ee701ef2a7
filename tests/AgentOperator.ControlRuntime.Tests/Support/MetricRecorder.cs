using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace AgentOperator.ControlRuntime.Tests.Support;

/// <summary>Collects what one test's meter measures, as <c>instrument{tag=value}</c>.</summary>
internal sealed class MetricRecorder : IDisposable
{
    private readonly ConcurrentDictionary<string, double> _sums = new();
    private readonly MeterListener _listener = new();

    /// <summary>Listens to the meters that are made from now on.</summary>
    public MetricRecorder(string name)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == ControlRuntimeOptions.MeterName)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(name, instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(name, instrument, 1, tags));
        _listener.Start();
    }

    /// <summary>The sum of a counter, or the number of a histogram's values.</summary>
    public double this[string series] => _sums.GetValueOrDefault(series);

    public void Dispose() => _listener.Dispose();

    private void Add(string name, Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var labels = tags.ToArray();
        if (labels.Any(label => name.Equals(label.Value)))
        {
            var rest = labels.Where(label => !name.Equals(label.Value)).Select(label => $"{{{label.Key}={label.Value}}}");
            _sums.AddOrUpdate(instrument.Name + string.Concat(rest), value, (_, sum) => sum + value);
        }
    }
}
