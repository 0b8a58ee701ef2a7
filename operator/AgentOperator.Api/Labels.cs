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

    /// <summary>On a pod: the program that runs in it.</summary>
    public const string Name = "app.kubernetes.io/name";

    /// <summary>On a pod: the role of the program.</summary>
    public const string Component = "app.kubernetes.io/component";

    /// <summary>On a pod: the run's name.</summary>
    public const string Instance = "app.kubernetes.io/instance";

    /// <summary>Who manages the object: <see cref="ManagedByValue"/>.</summary>
    public const string ManagedBy = "app.kubernetes.io/managed-by";

    /// <summary>The value of <see cref="ManagedBy"/>.</summary>
    public const string ManagedByValue = "agentoperator";
}
