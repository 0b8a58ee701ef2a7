namespace AgentOperator.Protocol;

/// <summary>The runner's exit codes. <see cref="TerminationReport"/> gives the details.</summary>
public static class RunnerExitCodes
{
    /// <summary>The run's end is committed in the journal.</summary>
    public const int Done = 0;

    /// <summary>Any failure without a more specific code.</summary>
    public const int Error = 1;

    /// <summary>The run's spec is not executable (unknown tool, unusable MCP server).</summary>
    public const int InvalidSpec = 64;

    /// <summary>A limit of steps, tokens or time was reached; the failure is committed.</summary>
    public const int BudgetExhausted = 65;

    /// <summary>This pod can no longer commit: a newer attempt owns the run, or the journal is unusable.</summary>
    public const int Fenced = 66;

    /// <summary>The model endpoint, an MCP server or the gateway stayed unavailable; the report's reason says which.</summary>
    public const int EndpointUnavailable = 69;

    /// <summary>The managed heap was exhausted.</summary>
    public const int OutOfManagedMemory = 70;

    /// <summary>A bug in the runner. Runners of version 0.1 exited with <see cref="Error"/>.</summary>
    public const int InternalError = 71;

    /// <summary>Stopped on request (SIGTERM, suspend). All state is committed; a later attempt resumes.</summary>
    public const int Parked = 75;

    /// <summary>The provider rejected the request itself.</summary>
    public const int AuthOrQuota = 77;
}
