using AgentOperator.Api;
using AgentOperator.ControlRuntime;
using k8s.Models;

namespace AgentOperator.Gateway.Models;

/// <summary>Emits Kubernetes Events when a ModelEndpoint becomes unavailable, for another reason, or available again.</summary>
internal sealed class EndpointEvents(IEventRecorder recorder)
{
    /// <summary>Records the changes in a status that was just written.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="before">The status of the same spec before; null if there was none.</param>
    /// <param name="after">The status.</param>
    public void Record(ModelEndpoint endpoint, ModelEndpointStatus? before, ModelEndpointStatus after)
    {
        var (was, now) = (before?.FindCondition(ConditionTypes.Available), after.FindCondition(ConditionTypes.Available));
        if (now is { Status: ConditionStatuses.False } && now.Reason != was?.Reason)
        {
            Record(endpoint, "Warning", now.Reason, now.Message);
        }
        else if (now is { Status: ConditionStatuses.True } && was is { Status: ConditionStatuses.False })
        {
            Record(endpoint, "Normal", now.Reason, now.Message);
        }

        var known = (before?.Models ?? []).Select(model => model.Name).ToHashSet();
        foreach (var model in (after.Models ?? []).Where(model => !known.Contains(model.Name)))
        {
            Record(endpoint, "Warning", model.Reason, model.Message);
        }
    }

    private void Record(ModelEndpoint endpoint, string type, string reason, string note) => recorder.Record(
        new V1ObjectReference
        {
            ApiVersion = ApiConstants.ApiVersion,
            Kind = ApiConstants.ModelEndpointKind,
            Name = endpoint.Metadata.Name,
            NamespaceProperty = endpoint.Metadata.NamespaceProperty,
            Uid = endpoint.Metadata.Uid,
        },
        type, reason, "Call", note, related: null);
}
