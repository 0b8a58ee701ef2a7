namespace AgentOperator.Api;

/// <summary>Reasons of conditions and events. How an attempt ended is in <see cref="Outcomes"/>.</summary>
public static class Reasons
{
    /// <summary>Accepted: every rule is kept.</summary>
    public const string Valid = "Valid";

    /// <summary>Not accepted: a field breaks a rule; the message names it.</summary>
    public const string InvalidSpec = "InvalidSpec";

    /// <summary>Not accepted: a field that cannot change was changed.</summary>
    public const string ImmutableField = "ImmutableField";

    /// <summary>Waiting: the ModelEndpoint does not exist.</summary>
    public const string ModelEndpointNotFound = "ModelEndpointNotFound";

    /// <summary>Waiting: the ModelEndpoint breaks a rule; the message names its field.</summary>
    public const string InvalidModelEndpoint = "InvalidModelEndpoint";

    /// <summary>Waiting: the ConfigMap with the task does not exist or lacks the key.</summary>
    public const string TaskNotFound = "TaskNotFound";

    /// <summary>Tools cannot be used, or the provider refuses them; the run goes on with the others.</summary>
    public const string ToolsLeftOut = "ToolsLeftOut";

    /// <summary>An attempt's pod was created.</summary>
    public const string AttemptStarted = "AttemptStarted";

    /// <summary>The pod is created but does not run yet.</summary>
    public const string PodPending = "PodPending";

    /// <summary>The pod runs.</summary>
    public const string PodRunning = "PodRunning";

    /// <summary>The pod is on its way out.</summary>
    public const string PodTerminating = "PodTerminating";

    /// <summary>The API server refused the pod.</summary>
    public const string PodRejected = "PodRejected";

    /// <summary>The API server refused the run's status.</summary>
    public const string StatusRefused = "StatusRefused";

    /// <summary>No pod was started yet.</summary>
    public const string NotStarted = "NotStarted";

    /// <summary>The next attempt waits for its backoff to pass.</summary>
    public const string BackingOff = "BackingOff";

    /// <summary>The last attempt was lost; the next one is on its way.</summary>
    public const string Recovering = "Recovering";

    /// <summary>The next attempt gets more memory.</summary>
    public const string MemoryRaised = "MemoryRaised";

    /// <summary>A tool call that ended attempt after attempt was answered with the error.</summary>
    public const string RepeatedCrash = "RepeatedCrash";

    /// <summary>Killed for memory at the largest limit that the spec allows.</summary>
    public const string MemoryCapReached = "MemoryCapReached";

    /// <summary>The run is suspended.</summary>
    public const string Suspended = "Suspended";

    /// <summary>The run goes on after a suspension.</summary>
    public const string Resumed = "Resumed";

    /// <summary>The agent gave its final answer.</summary>
    public const string Completed = "Completed";

    /// <summary>A limit of steps or tokens was reached.</summary>
    public const string BudgetExhausted = "BudgetExhausted";

    /// <summary>The run's deadline passed.</summary>
    public const string DeadlineExceeded = "DeadlineExceeded";

    /// <summary>What is recorded and what the run would do now differ.</summary>
    public const string Diverged = "Diverged";

    /// <summary>The journal's hash chain is broken or holds what this build does not know.</summary>
    public const string JournalBroken = "JournalBroken";

    /// <summary>The heartbeat stopped.</summary>
    public const string HeartbeatLost = "HeartbeatLost";

    /// <summary>The run has not ended.</summary>
    public const string InProgress = "InProgress";
}
