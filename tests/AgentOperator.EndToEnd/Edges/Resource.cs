namespace AgentOperator.EndToEnd.Edges;

/// <summary>Paths of the API server.</summary>
internal static class Resource
{
    /// <summary>The path of a kind's objects in a namespace.</summary>
    public static string PathOf(string kind, string ns) => kind switch
    {
        ApiConstants.AgentRunKind => Own(ApiConstants.AgentRunPlural, ns),
        ApiConstants.ModelEndpointKind => Own(ApiConstants.ModelEndpointPlural, ns),
        ApiConstants.JournalSegmentKind => Own(ApiConstants.JournalSegmentPlural, ns),
        "Pod" => Core("pods", ns),
        "Secret" => Core("secrets", ns),
        "ConfigMap" => Core("configmaps", ns),
        "ResourceQuota" => Core("resourcequotas", ns),
        "ServiceAccount" => Core("serviceaccounts", ns),
        "Event" => Core("events", ns),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "There is no test with this kind."),
    };

    private static string Own(string plural, string ns) => $"apis/{ApiConstants.ApiVersion}/namespaces/{ns}/{plural}";

    private static string Core(string plural, string ns) => $"api/v1/namespaces/{ns}/{plural}";
}
