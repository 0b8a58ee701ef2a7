using AgentOperator.ControlRuntime;

namespace AgentOperator.Telemetry;

/// <summary>The names of labels, and the labels of what has a name in the cluster.</summary>
internal static class MetricLabels
{
    public const string Namespace = "namespace";
    public const string Endpoint = "endpoint";
    public const string Phase = "phase";
    public const string Outcome = "outcome";
    public const string Reason = "reason";
    public const string Code = "code";
    public const string Type = "type";

    /// <summary>A ModelEndpoint's labels, and more. Two namespaces may use the same name.</summary>
    public static KeyValuePair<string, object?>[] Of(ObjectKey endpoint, params ReadOnlySpan<KeyValuePair<string, object?>> more) =>
        [Of(Namespace, endpoint.Namespace), Of(Endpoint, endpoint.Name), .. more];

    public static KeyValuePair<string, object?> Of(string label, string value) => new(label, value);
}
