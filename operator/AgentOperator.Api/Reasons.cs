namespace AgentOperator.Api;

/// <summary>Reasons of conditions and events. How an attempt ended is in <see cref="Outcomes"/>.</summary>
public static class Reasons
{
    /// <summary>Accepted: the spec is valid.</summary>
    public const string Valid = "Valid";

    /// <summary>Not accepted: a field is invalid; the message names it.</summary>
    public const string InvalidSpec = "InvalidSpec";

    /// <summary>Not accepted: an immutable field was changed.</summary>
    public const string ImmutableField = "ImmutableField";

    /// <summary>Waiting: the ModelEndpoint does not exist.</summary>
    public const string ModelEndpointNotFound = "ModelEndpointNotFound";

    /// <summary>Waiting: the ModelEndpoint is invalid; the message names the field.</summary>
    public const string InvalidModelEndpoint = "InvalidModelEndpoint";

    /// <summary>Available: the provider of a ModelEndpoint answered the last call.</summary>
    public const string Answering = "Answering";

    /// <summary>Available is Unknown: no call has been made with the ModelEndpoint's present spec.</summary>
    public const string NotCalled = "NotCalled";

    /// <summary>Waiting: the provider is away, overloaded or limits the rate; the message is the provider's own.</summary>
    public const string EndpointUnavailable = "EndpointUnavailable";

    /// <summary>Waiting: the ModelEndpoint's Secret or its key does not exist.</summary>
    public const string KeyNotFound = "KeyNotFound";

    /// <summary>Waiting: the Secret may not be sent to the ModelEndpoint's host, or not over plain HTTP.</summary>
    public const string KeyNotAllowed = "KeyNotAllowed";

    /// <summary>Waiting: the provider refuses the API key.</summary>
    public const string KeyRefused = "KeyRefused";

    /// <summary>Waiting: the quota, the credit or the budget at the provider is used up.</summary>
    public const string QuotaExceeded = "QuotaExceeded";

    /// <summary>Waiting: the provider does not know the model.</summary>
    public const string ModelNotFound = "ModelNotFound";

    /// <summary>Waiting: the provider refuses one of the ModelEndpoint's parameters for the model.</summary>
    public const string ParameterRefused = "ParameterRefused";

    /// <summary>Waiting: the provider takes longer to answer than the ModelEndpoint's timeoutSeconds.</summary>
    public const string AnswerTooSlow = "AnswerTooSlow";

    /// <summary>Waiting: what answers at the ModelEndpoint's URL is no chat completions API, but a login page for example.</summary>
    public const string UnexpectedAnswer = "UnexpectedAnswer";

    /// <summary>Waiting: the task's ConfigMap does not exist or does not have the key.</summary>
    public const string TaskNotFound = "TaskNotFound";

    /// <summary>Tools are unusable or rejected by the provider; the run continues without them.</summary>
    public const string ToolsLeftOut = "ToolsLeftOut";

    /// <summary>An attempt's pod was created.</summary>
    public const string AttemptStarted = "AttemptStarted";

    /// <summary>The pod was created but is not running yet.</summary>
    public const string PodPending = "PodPending";

    /// <summary>Waiting: the scheduler finds no node for the pod; the message is the scheduler's.</summary>
    public const string Unschedulable = "Unschedulable";

    /// <summary>Waiting: an image of the pod cannot be pulled; the message is the kubelet's.</summary>
    public const string ImagePullFailed = "ImagePullFailed";

    /// <summary>Waiting: the pod has a node but does not start there; the message is the kubelet's.</summary>
    public const string PodCannotStart = "PodCannotStart";

    /// <summary>Waiting: an MCP server of the run is unavailable, or something has to be mended there; the message says what.</summary>
    public const string McpServerUnavailable = "McpServerUnavailable";

    /// <summary>Waiting: the run's pod did not reach the gateway.</summary>
    public const string GatewayUnavailable = "GatewayUnavailable";

    /// <summary>The pod is running.</summary>
    public const string PodRunning = "PodRunning";

    /// <summary>The pod is terminating.</summary>
    public const string PodTerminating = "PodTerminating";

    /// <summary>Waiting: the API server rejected the pod; the message is the API server's.</summary>
    public const string PodRejected = "PodRejected";

    /// <summary>A pod that names the run as its owner, but is not one of its attempts, was deleted.</summary>
    public const string ForeignPod = "ForeignPod";

    /// <summary>The API server rejected the run's status.</summary>
    public const string StatusRefused = "StatusRefused";

    /// <summary>The run is being deleted; the message names what must go first.</summary>
    public const string Deleting = "Deleting";

    /// <summary>Reconciling the run keeps failing; the message says why, and names the id to look for in the operator's log.</summary>
    public const string ReconcileError = "ReconcileError";

    /// <summary>No pod has been started yet.</summary>
    public const string NotStarted = "NotStarted";

    /// <summary>The next attempt is in backoff.</summary>
    public const string BackingOff = "BackingOff";

    /// <summary>The last attempt was lost; the next one is starting.</summary>
    public const string Recovering = "Recovering";

    /// <summary>The next attempt gets more memory.</summary>
    public const string MemoryRaised = "MemoryRaised";

    /// <summary>A tool call that crashed every attempt was answered with an error.</summary>
    public const string RepeatedCrash = "RepeatedCrash";

    /// <summary>OOM-killed at the largest memory limit that the spec or the namespace allows.</summary>
    public const string MemoryCapReached = "MemoryCapReached";

    /// <summary>The run is suspended.</summary>
    public const string Suspended = "Suspended";

    /// <summary>The run was resumed.</summary>
    public const string Resumed = "Resumed";

    /// <summary>The agent gave its final answer.</summary>
    public const string Completed = "Completed";

    /// <summary>The limit of steps or tokens was reached.</summary>
    public const string BudgetExhausted = "BudgetExhausted";

    /// <summary>The run's deadline passed.</summary>
    public const string DeadlineExceeded = "DeadlineExceeded";

    /// <summary>The run's next action differs from the one recorded in the journal.</summary>
    public const string Diverged = "Diverged";

    /// <summary>Of an attempt that ended as <see cref="Diverged"/>: the run has been suspended since, so resuming it goes on.</summary>
    public const string DivergenceReviewed = "DivergenceReviewed";

    /// <summary>The journal's hash chain is broken, it holds a malformed record, or a part of it was deleted.</summary>
    public const string JournalBroken = "JournalBroken";

    /// <summary>The agent stopped sending heartbeats.</summary>
    public const string HeartbeatLost = "HeartbeatLost";

    /// <summary>The run has not ended.</summary>
    public const string InProgress = "InProgress";
}
