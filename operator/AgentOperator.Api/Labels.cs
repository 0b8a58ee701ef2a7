namespace AgentOperator.Api;

/// <summary>Labels of the objects that the operator creates.</summary>
public static class Labels
{
    /// <summary>The name of the run that the object belongs to.</summary>
    public const string Run = ApiConstants.Group + "/run";

    /// <summary>The UID of the run that the object belongs to.</summary>
    public const string RunUid = ApiConstants.Group + "/run-uid";

    /// <summary>"true" on the last segment of a finished run's journal.</summary>
    public const string Finished = ApiConstants.Group + "/finished";

    /// <summary>On a pod: the attempt's number.</summary>
    public const string Attempt = ApiConstants.Group + "/attempt";

    /// <summary>Who manages the object: <see cref="ManagedByValue"/>.</summary>
    public const string ManagedBy = "app.kubernetes.io/managed-by";

    /// <summary>The value of <see cref="ManagedBy"/>.</summary>
    public const string ManagedByValue = "agentoperator";
}
