namespace AgentOperator.Api;

/// <summary>Names of the API group and of its resources.</summary>
public static class ApiConstants
{
    /// <summary>The API group.</summary>
    public const string Group = "agentoperator.dev";

    /// <summary>The served and stored API version.</summary>
    public const string Version = "v1alpha1";

    /// <summary>Group and version, as in a manifest's apiVersion.</summary>
    public const string ApiVersion = Group + "/" + Version;

    /// <summary>The category of the resources that users work with: <c>kubectl get agents</c>.</summary>
    public const string Category = "agents";

    /// <summary>Kind of <see cref="AgentRun"/>.</summary>
    public const string AgentRunKind = "AgentRun";

    /// <summary>Plural of <see cref="AgentRun"/>.</summary>
    public const string AgentRunPlural = "agentruns";

    /// <summary>Kind of <see cref="JournalSegment"/>.</summary>
    public const string JournalSegmentKind = "JournalSegment";

    /// <summary>Plural of <see cref="JournalSegment"/>.</summary>
    public const string JournalSegmentPlural = "journalsegments";

    /// <summary>Kind of <see cref="ModelEndpoint"/>.</summary>
    public const string ModelEndpointKind = "ModelEndpoint";

    /// <summary>Plural of <see cref="ModelEndpoint"/>.</summary>
    public const string ModelEndpointPlural = "modelendpoints";

    /// <summary>
    /// The type of a Secret that every ModelEndpoint of its namespace may use, unless it has <see cref="Annotations.EndpointHost"/>.
    /// </summary>
    public const string ModelKeySecretType = Group + "/model-key";

    /// <summary>The field manager of the operator's server-side applies.</summary>
    public const string FieldManager = "agentoperator";
}
