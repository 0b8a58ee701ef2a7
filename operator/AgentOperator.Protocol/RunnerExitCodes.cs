namespace AgentOperator.Protocol;

/// <summary>The runner's exit codes. A reason also goes to the pod's termination message.</summary>
public static class RunnerExitCodes
{
    /// <summary>The run's end is committed in the journal.</summary>
    public const int Done = 0;

    /// <summary>A defect of the runner, or a failure that has no code of its own.</summary>
    public const int Error = 1;

    /// <summary>The run's spec cannot be carried out (unknown tool, unusable MCP server).</summary>
    public const int InvalidSpec = 64;

    /// <summary>A limit of steps, tokens or time was reached; the failure is committed.</summary>
    public const int BudgetExhausted = 65;

    /// <summary>This pod may no longer commit: a newer attempt owns the run, or the journal cannot be used.</summary>
    public const int Fenced = 66;

    /// <summary>The model endpoint or the gateway stayed unreachable.</summary>
    public const int EndpointDown = 69;

    /// <summary>The managed heap was exhausted.</summary>
    public const int OutOfManagedMemory = 70;

    /// <summary>Stopped on request (SIGTERM, suspend): the state is committed, a later attempt goes on.</summary>
    public const int Parked = 75;

    /// <summary>The provider refused the key or the quota is used up.</summary>
    public const int AuthOrQuota = 77;
}
