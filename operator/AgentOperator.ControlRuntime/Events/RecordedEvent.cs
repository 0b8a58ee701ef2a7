using k8s.Models;

namespace AgentOperator.ControlRuntime;

/// <summary>An event as it was recorded, cut to what the API takes.</summary>
internal sealed record RecordedEvent(
    V1ObjectReference Regarding, V1ObjectReference? Related, string Type, string Reason, string Action, string Note, DateTimeOffset Time)
{
    /// <summary>Where the event lives: events about cluster-scoped objects have no namespace of their own.</summary>
    public string Namespace => string.IsNullOrEmpty(Regarding.NamespaceProperty) ? "default" : Regarding.NamespaceProperty;
}
