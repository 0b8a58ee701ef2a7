using System.Collections.Frozen;

namespace AgentOperator.Protocol;

/// <summary>
/// Values of <see cref="TerminationReport.Reason"/>: why the runner process ended. If the runner ended the run, this is the reason in
/// <see cref="RunFinishedPayload"/>. A reader that does not know a reason must go by the exit code.
/// </summary>
public static class TerminationReasons
{
    /// <summary>The agent's final answer is committed.</summary>
    public const string Completed = "Completed";

    /// <summary>The provider's content filter withheld the final answer.</summary>
    public const string ContentFiltered = "ContentFiltered";

    /// <summary>The model's answer could not be used (empty, cut, or calls that could not be read), twice in a row.</summary>
    public const string UnusableAnswer = "UnusableAnswer";

    /// <summary>A limit of steps or tokens was reached.</summary>
    public const string BudgetExhausted = "BudgetExhausted";

    /// <summary>The run's deadline passed.</summary>
    public const string DeadlineExceeded = "DeadlineExceeded";

    /// <summary>The provider rejected the request itself.</summary>
    public const string ModelRejected = "ModelRejected";

    /// <summary>The conversation is longer than the model's context, and nothing is left to shorten.</summary>
    public const string ContextTooLong = "ContextTooLong";

    /// <summary>The agent failed for a reason that is not listed here. The message names it.</summary>
    public const string Failed = "Failed";

    /// <summary>The journal's store refused a record for good.</summary>
    public const string RecordRefused = "RecordRefused";

    /// <summary>The run was already ended by another writer, such as the operator at the deadline.</summary>
    public const string RunFinished = "RunFinished";

    /// <summary>Stopped on request: SIGTERM, or a Stop directive in answer to a heartbeat.</summary>
    public const string Stopped = "Stopped";

    /// <summary>The tools in the run's spec are unusable.</summary>
    public const string InvalidSpec = "InvalidSpec";

    /// <summary>An environment variable is missing or invalid.</summary>
    public const string InvalidEnvironment = "InvalidEnvironment";

    /// <summary>The runner was started with unknown arguments.</summary>
    public const string InvalidArguments = "InvalidArguments";

    /// <summary>A newer attempt owns the run.</summary>
    public const string StaleEpoch = "StaleEpoch";

    /// <summary>This attempt's next action differs from the one recorded in the journal.</summary>
    public const string Diverged = "Diverged";

    /// <summary>The journal's hash chain is broken, or it holds a malformed record.</summary>
    public const string JournalBroken = "JournalBroken";

    /// <summary>The journal holds a record of a later schema version than this runner knows.</summary>
    public const string NewerRecord = "NewerRecord";

    /// <summary>The gateway reported a head beyond the records that it returned.</summary>
    public const string JournalConflict = "JournalConflict";

    /// <summary>The gateway rejected the pod's token.</summary>
    public const string Unauthorized = "Unauthorized";

    /// <summary>The gateway did not recognize the pod as a runner.</summary>
    public const string NotARunner = "NotARunner";

    /// <summary>The gateway stayed unreachable.</summary>
    public const string GatewayUnavailable = "GatewayUnavailable";

    /// <summary>The model endpoint stayed unavailable.</summary>
    public const string EndpointUnavailable = "EndpointUnavailable";

    /// <summary>An MCP server stayed unreachable, or something has to be mended there. The message says what.</summary>
    public const string McpServerUnavailable = "McpServerUnavailable";

    /// <summary>The runner's managed heap was exhausted.</summary>
    public const string OutOfManagedMemory = "OutOfManagedMemory";

    /// <summary>The gateway returned an error that the runner cannot handle.</summary>
    public const string GatewayError = "GatewayError";

    /// <summary>A bug in the runner.</summary>
    public const string InternalError = "InternalError";

    private static readonly FrozenSet<string> OfRuns = FrozenSet.Create(
        Completed, ContentFiltered, UnusableAnswer, BudgetExhausted, DeadlineExceeded, ModelRejected, ContextTooLong, Failed, RecordRefused,
        InvalidSpec);

    /// <summary>Whether a runner may end the run for this reason. The other reasons only end an attempt.</summary>
    public static bool EndsRun(string reason) => OfRuns.Contains(reason);
}
