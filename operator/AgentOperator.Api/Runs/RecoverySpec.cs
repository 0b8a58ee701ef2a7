using System.ComponentModel.DataAnnotations;
using AgentOperator.Api.Schema;

namespace AgentOperator.Api;

/// <summary>What happens after a pod is lost.</summary>
[ValidationRule(
    // The API server also checks the rule on the empty default, which has neither field yet.
    "!has(self.backoffSeconds) || !has(self.maxBackoffSeconds) || self.backoffSeconds <= self.maxBackoffSeconds",
    "backoffSeconds must not be greater than maxBackoffSeconds",
    FieldPath = ".backoffSeconds")]
public sealed record RecoverySpec
{
    /// <summary>The run fails after this many consecutive failed attempts without progress. Default: 3.</summary>
    [Range(1, 100), Immutable]
    public int MaxFailures { get; init; } = 3;

    /// <summary>Backoff after the first failure, in seconds. Doubles with each further failure, with jitter. Default: 2.</summary>
    [Range(0, 3600), Immutable]
    public int BackoffSeconds { get; init; } = 2;

    /// <summary>Maximum backoff between attempts, in seconds. Default: 300.</summary>
    [Range(1, 86400), Immutable]
    public int MaxBackoffSeconds { get; init; } = 300;

    /// <summary>
    /// Seconds without a heartbeat or commit after which a pod counts as hung and is replaced. Kubernetes takes about 40 seconds to detect a lost
    /// node, so below 50 a lost node may look like a hung agent, which counts as a failure. Default: 60.
    /// </summary>
    [Range(10, 3600), Immutable]
    public int HeartbeatTimeoutSeconds { get; init; } = 60;

    /// <summary>
    /// Seconds that a pod on a node may fail to start, for example because its image cannot be pulled, before a new pod replaces it. That costs no
    /// failure, and is repeated until a pod starts. Time spent waiting for a node does not count. Can be changed at any time. Default: 300.
    /// </summary>
    [Range(10, 86400)]
    public int StartTimeoutSeconds { get; init; } = 300;

    /// <summary>How much memory the next attempt gets after an OOM kill.</summary>
    public OutOfMemorySpec OutOfMemory { get; init; } = new();

    /// <summary>
    /// What happens when maxFailures attempts in a row, or one attempt at the memory cap, end in the same tool call. TellModel answers the call
    /// with an error, so that the agent can try another approach. Fail fails the run, or makes it wait for more memory. Default: TellModel.
    /// </summary>
    [Immutable]
    public RepeatedCrashPolicy RepeatedCrash { get; init; } = RepeatedCrashPolicy.TellModel;
}
