using k8s;
using k8s.Autorest;
using k8s.Models;

namespace AgentOperator.ControlRuntime;

/// <summary>The calls that write Events.</summary>
internal sealed class EventSink(IKubernetes client, string reportingController, string reportingInstance)
{
    private const int MaxObjectNameLength = 253;

    public async Task<Eventsv1Event> CreateAsync(RecordedEvent recorded, CancellationToken cancellationToken)
    {
        var suffix = $".{Guid.NewGuid():N}"[..17];
        var name = recorded.Regarding.Name;
        var body = new Eventsv1Event
        {
            Metadata = new V1ObjectMeta
            {
                Name = (name.Length > MaxObjectNameLength - suffix.Length ? name[..(MaxObjectNameLength - suffix.Length)].TrimEnd('.', '-') : name)
                    + suffix,
                NamespaceProperty = recorded.Namespace,
            },
            EventTime = MicroTime.Of(recorded.Time),
            ReportingController = reportingController,
            ReportingInstance = reportingInstance,
            Action = recorded.Action,
            Reason = recorded.Reason,
            Type = recorded.Type,
            Note = recorded.Note,
            Regarding = recorded.Regarding,
            Related = recorded.Related,
        };
        return await client.EventsV1.CreateNamespacedEventAsync(body, recorded.Namespace, cancellationToken: cancellationToken);
    }

    /// <summary>Writes the count of a series.</summary>
    /// <returns>False when the Event is gone: the server keeps Events for an hour.</returns>
    public async Task<bool> UpdateAsync(EventSeries series, CancellationToken cancellationToken)
    {
        var patch = new V1Patch(
            new Eventsv1Event { Series = new Eventsv1EventSeries { Count = series.Count, LastObservedTime = MicroTime.Of(series.LastSeen) } },
            V1Patch.PatchType.MergePatch);
        var metadata = series.Written.Metadata;
        try
        {
            await client.EventsV1.PatchNamespacedEventAsync(patch, metadata.Name, metadata.NamespaceProperty, cancellationToken: cancellationToken);
            return true;
        }
        catch (HttpOperationException exception) when (exception.IsNotFound())
        {
            return false;
        }
    }
}
