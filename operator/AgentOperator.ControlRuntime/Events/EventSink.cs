using k8s;
using k8s.Autorest;
using k8s.Models;

namespace AgentOperator.ControlRuntime;

/// <summary>
/// The calls that write Events. They are written as <c>v1</c>: <c>events.k8s.io/v1</c> refuses the times and the count that older readers sort by and
/// show, such as <c>kubectl describe</c> and <c>kubectl get events --sort-by=.lastTimestamp</c>.
/// </summary>
internal sealed class EventSink(IKubernetes client, string reportingController, string reportingInstance)
{
    private const int MaxObjectNameLength = 253;

    private long _lastStamp;

    /// <summary>Creates an Event.</summary>
    public Task<Corev1Event> CreateAsync(RecordedEvent recorded, CancellationToken cancellationToken)
    {
        var seen = WholeSecond(recorded.Time);
        var body = new Corev1Event
        {
            Metadata = new V1ObjectMeta { Name = NameOf(recorded), NamespaceProperty = recorded.Namespace },
            EventTime = MicroTime.Of(recorded.Time),
            FirstTimestamp = seen,
            LastTimestamp = seen,
            Count = 1,
            ReportingComponent = reportingController,
            ReportingInstance = reportingInstance,
            Source = new V1EventSource { Component = reportingController },
            Action = recorded.Action,
            Reason = recorded.Reason,
            Type = recorded.Type,
            Message = recorded.Note,
            InvolvedObject = recorded.Regarding,
            Related = recorded.Related,
        };
        return client.CoreV1.CreateNamespacedEventAsync(body, recorded.Namespace, cancellationToken: cancellationToken);
    }

    /// <summary>Writes the count of a series.</summary>
    /// <returns>False when the Event is gone: the server keeps Events for an hour.</returns>
    public async Task<bool> UpdateAsync(EventSeries series, CancellationToken cancellationToken)
    {
        var patch = new V1Patch(
            new
            {
                count = series.Count,
                lastTimestamp = WholeSecond(series.LastSeen),
                series = new Corev1EventSeries { Count = series.Count, LastObservedTime = MicroTime.Of(series.LastSeen) },
            },
            V1Patch.PatchType.MergePatch);
        var metadata = series.Written.Metadata;
        try
        {
            await client.CoreV1.PatchNamespacedEventAsync(patch, metadata.Name, metadata.NamespaceProperty, cancellationToken: cancellationToken);
            return true;
        }
        catch (HttpOperationException exception) when (exception.IsNotFound())
        {
            return false;
        }
    }

    /// <summary>
    /// The names of an object's Events are in the order of the Events: readers that sort by a time in whole seconds, or not at all, keep the order of
    /// names.
    /// </summary>
    private string NameOf(RecordedEvent recorded)
    {
        _lastStamp = Math.Max(recorded.Time.UtcTicks, _lastStamp + 1);
        var suffix = $".{_lastStamp:x16}{$"{Guid.NewGuid():N}"[..4]}";
        var name = recorded.Regarding.Name;
        return (name.Length > MaxObjectNameLength - suffix.Length ? name[..(MaxObjectNameLength - suffix.Length)].TrimEnd('.', '-') : name) + suffix;
    }

    private static DateTime WholeSecond(DateTimeOffset time) => new(time.UtcTicks - (time.UtcTicks % TimeSpan.TicksPerSecond), DateTimeKind.Utc);
}
