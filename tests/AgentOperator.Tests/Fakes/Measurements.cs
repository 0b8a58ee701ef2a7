using System.Diagnostics.Metrics;
using System.Globalization;

namespace AgentOperator.Tests.Fakes;

/// <summary>What the meters of one factory measure, as an exporter sees it: counters are added up, of gauges the last value counts.</summary>
internal sealed class Measurements : IDisposable
{
    private readonly Dictionary<string, double> _series = [];
    private readonly List<Instrument> _instruments = [];
    private readonly MeterListener _listener = new();

    public Measurements(IMeterFactory factory)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Scope == factory)
            {
                _instruments.Add(instrument);
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, _, tags, _) => Add(instrument, 1, tags));
        _listener.Start();
    }

    public IReadOnlyList<Instrument> Instruments => _instruments;

    /// <summary>Series as <c>name{label=value,...}</c> with their values.</summary>
    public IReadOnlyDictionary<string, double> Series => _series;

    /// <summary>Those that are not zero.</summary>
    public IEnumerable<string> Counted => _series.Where(series => series.Value != 0)
        .Select(series => string.Create(CultureInfo.InvariantCulture, $"{series.Key} {series.Value}"));

    /// <summary>Reads the gauges.</summary>
    public void Observe() => _listener.RecordObservableInstruments();

    public void Dispose() => _listener.Dispose();

    private void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var key = $"{instrument.Name}{{{string.Join(',', tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}"))}}}";
        _series[key] = instrument.IsObservable ? value : _series.GetValueOrDefault(key) + value;
    }
}
