using System.Threading.Channels;
using k8s.Models;
using Microsoft.Extensions.Options;

namespace AgentOperator.ControlRuntime;

/// <summary>The side that records: shapes the event and puts it into a bounded queue.</summary>
internal sealed class EventRecorder : IEventRecorder
{
    private readonly Channel<RecordedEvent> _queue;
    private readonly TimeProvider _time;
    private readonly ControlRuntimeMetrics _metrics;

    public EventRecorder(IOptions<ControlRuntimeOptions> options, TimeProvider time, ControlRuntimeMetrics metrics)
    {
        _time = time;
        _metrics = metrics;
        _queue = Channel.CreateBounded<RecordedEvent>(new BoundedChannelOptions(options.Value.EventQueueLength) { SingleReader = true });
    }

    /// <summary>The recorded events, for the writer.</summary>
    public ChannelReader<RecordedEvent> Queue => _queue.Reader;

    public void Record(V1ObjectReference regarding, string type, string reason, string action, string note, V1ObjectReference? related = null)
    {
        if (string.IsNullOrEmpty(regarding?.Name) || string.IsNullOrEmpty(reason))
        {
            _metrics.Event("invalid");
            return;
        }

        var cutReason = EventText.Cut(reason, EventText.MaxNameBytes);
        var recorded = new RecordedEvent(
            regarding,
            related,
            type == "Warning" ? "Warning" : "Normal",
            cutReason,
            string.IsNullOrEmpty(action) ? cutReason : EventText.Cut(action, EventText.MaxNameBytes),
            EventText.Cut(note, EventText.MaxNoteBytes),
            _time.GetUtcNow());
        if (!_queue.Writer.TryWrite(recorded))
        {
            _metrics.Event("dropped");
        }
    }

    /// <summary>Takes no more events; the writer then sees the queue's end.</summary>
    public void Complete() => _queue.Writer.TryComplete();
}
