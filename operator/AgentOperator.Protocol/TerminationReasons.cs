namespace AgentOperator.Protocol;

/// <summary>
/// Values of <see cref="TerminationReport.Reason"/>: why a runner's process ended. A run that the runner ended itself has the reason of its
/// <see cref="RunFinishedPayload"/>. A reader treats a reason that it does not know like the exit code alone.
/// </summary>
public static class TerminationReasons
{
    /// <summary>The agent gave its final answer, and it is committed.</summary>
    public const string Completed = "Completed";

    /// <summary>The provider's content filter withheld the final answer.</summary>
    public const string ContentFiltered = "ContentFiltered";

    /// <summary>A limit of steps or tokens was reached.</summary>
    public const string BudgetExhausted = "BudgetExhausted";

    /// <summary>The run's deadline passed.</summary>
    public const string DeadlineExceeded = "DeadlineExceeded";

    /// <summary>The provider refused the request, the key or the quota.</summary>
    public const string ModelRejected = "ModelRejected";

    /// <summary>The run's end was committed by somebody else, such as the operator at the deadline.</summary>
    public const string RunFinished = "RunFinished";

    /// <summary>Stopped on request: SIGTERM, or the gateway's answer to a heartbeat.</summary>
    public const string Stopped = "Stopped";

    /// <summary>The run's tools cannot be used as the spec asks for them.</summary>
    public const string InvalidSpec = "InvalidSpec";

    /// <summary>An environment variable is missing or cannot be understood.</summary>
    public const string InvalidEnvironment = "InvalidEnvironment";

    /// <summary>The runner was started with arguments that it does not have.</summary>
    public const string InvalidArguments = "InvalidArguments";

    /// <summary>A newer attempt owns the run.</summary>
    public const string StaleEpoch = "StaleEpoch";

    /// <summary>What this attempt would ask or do is not what the journal says was asked or done.</summary>
    public const string Diverged = "Diverged";

    /// <summary>The journal's chain is broken, or it holds what this runner does not understand.</summary>
    public const string JournalBroken = "JournalBroken";

    /// <summary>The gateway says that the journal holds more than it gives out.</summary>
    public const string JournalConflict = "JournalConflict";

    /// <summary>The gateway does not accept the pod's token.</summary>
    public const string Unauthorized = "Unauthorized";

    /// <summary>The gateway knows the pod but not as a runner.</summary>
    public const string NotARunner = "NotARunner";

    /// <summary>The gateway stayed out of reach.</summary>
    public const string GatewayUnavailable = "GatewayUnavailable";

    /// <summary>The model endpoint stayed unavailable.</summary>
    public const string EndpointUnavailable = "EndpointUnavailable";

    /// <summary>An MCP server stayed out of reach.</summary>
    public const string McpServerUnavailable = "McpServerUnavailable";

    /// <summary>The runner's own heap was exhausted.</summary>
    public const string OutOfManagedMemory = "OutOfManagedMemory";

    /// <summary>The gateway refused a request in a way that the runner has no rule for.</summary>
    public const string GatewayError = "GatewayError";

    /// <summary>A defect of the runner.</summary>
    public const string InternalError = "InternalError";
}
