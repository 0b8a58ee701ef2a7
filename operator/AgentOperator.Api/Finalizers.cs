namespace AgentOperator.Api;

/// <summary>Finalizers that the operator sets.</summary>
public static class Finalizers
{
    /// <summary>On an AgentRun: its pod is stopped before the run and its journal go.</summary>
    public const string Run = ApiConstants.Group + "/run";

    /// <summary>On a runner pod: the pod's end is read before the pod goes.</summary>
    public const string Attempt = ApiConstants.Group + "/attempt";
}
