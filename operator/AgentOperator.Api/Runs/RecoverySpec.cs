using System.ComponentModel.DataAnnotations;
using AgentOperator.Api.Schema;

namespace AgentOperator.Api;

/// <summary>What happens after a pod was lost.</summary>
[ValidationRule(
    // The API server tries the rule on the empty default too, where both are still absent.
    "!has(self.backoffSeconds) || !has(self.maxBackoffSeconds) || self.backoffSeconds <= self.maxBackoffSeconds",
    "backoffSeconds must not be greater than maxBackoffSeconds",
    FieldPath = ".backoffSeconds")]
public sealed record RecoverySpec
{
    /// <summary>Consecutive attempts without progress after which the run fails. Default: 3.</summary>
    [Range(1, 100), Immutable]
    public int MaxFailures { get; init; } = 3;

    /// <summary>Seconds of pause after the first failure; doubled, with jitter, by each further one. Default: 2.</summary>
    [Range(0, 3600), Immutable]
    public int BackoffSeconds { get; init; } = 2;

    /// <summary>The longest pause between attempts, in seconds. Default: 300.</summary>
    [Range(1, 86400), Immutable]
    public int MaxBackoffSeconds { get; init; } = 300;

    /// <summary>
    /// Seconds without a sign of life after which a pod counts as hung and is replaced. Below 50 a node that is lost may be taken for a hung agent, which
    /// costs a failure: Kubernetes needs about 40 to notice. Default: 60.
    /// </summary>
    [Range(10, 3600), Immutable]
    public int HeartbeatTimeoutSeconds { get; init; } = 60;

    /// <summary>How much memory the next attempt gets after a pod was killed for memory.</summary>
    public OutOfMemorySpec OutOfMemory { get; init; } = new();

    /// <summary>
    /// What happens when maxFailures attempts in a row, or one that had the most memory it may have, end in the same tool call: TellModel answers the call
    /// with the error, so that the agent can choose another way; Fail fails the run, or lets it wait for more memory. Default: TellModel.
    /// </summary>
    [Immutable]
    public RepeatedCrashPolicy RepeatedCrash { get; init; } = RepeatedCrashPolicy.TellModel;
}
