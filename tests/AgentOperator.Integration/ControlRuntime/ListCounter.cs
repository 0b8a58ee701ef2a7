using System.Diagnostics.Metrics;

namespace AgentOperator.Integration.ControlRuntime;

/// <summary>Counts an informer's complete lists by the runtime's own metric.</summary>
internal sealed class ListCounter : IDisposable
{
    private readonly MeterListener _listener = new();
    private int _count;

    public ListCounter(string resource)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument is { Meter.Name: "AgentOperator.ControlRuntime", Name: "reflector_lists_total" })
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((_, value, tags, _) =>
        {
            if (tags.ToArray().Any(tag => resource.Equals(tag.Value)))
            {
                Interlocked.Add(ref _count, (int)value);
            }
        });
        _listener.Start();
    }

    public int Count => _count;

    public void Dispose() => _listener.Dispose();
}
