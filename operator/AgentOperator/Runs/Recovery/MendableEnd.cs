using AgentOperator.Api;
using AgentOperator.Runs.Attempts;

namespace AgentOperator.Runs.Recovery;

/// <summary>
/// Ends of attempts whose cause passes, or is mended in the cluster or at an MCP server. The run shows the cause until the next attempt.
/// </summary>
internal static class MendableEnd
{
    /// <summary>What the run waits for after such an end, one of <see cref="Reasons"/>; null for another end, or if the cause is unknown.</summary>
    public static string? ReasonOf(AttemptStatus? last) => last switch
    {
        { Outcome: Outcomes.StartFailed } => StartFailure.ReasonOf(last.Reason),
        { Outcome: Outcomes.EndpointDown, Reason: Reasons.McpServerUnavailable or Reasons.GatewayUnavailable } => last.Reason,
        _ => null,
    };

    /// <summary>Whether <see cref="ReasonOf"/> gives this reason for an end.</summary>
    public static bool IsReason(string? reason) =>
        reason is Reasons.ImagePullFailed or Reasons.PodCannotStart or Reasons.McpServerUnavailable or Reasons.GatewayUnavailable;

    /// <summary>Whether the spec has changed since the run began to wait, so that the next attempt should start at once.</summary>
    public static bool IsSpecNewer(RunSnapshot snapshot, AttemptStatus? last) =>
        last is not null && OutcomePolicy.Of(last, snapshot.Spec).Pause == Pause.UntilMended
        && snapshot.Status.ObservedGeneration < snapshot.Run.Metadata.Generation;
}
