using System.Collections.Frozen;
using AgentOperator.Api;

namespace AgentOperator.Runs.Waiting;

/// <summary>
/// The reasons of all waits, each with the type of the event that tells of it: one table. A new wait needs a row here, in docs/operations.md and
/// in the tests, which compare the three.
/// </summary>
internal static class WaitReasons
{
    private const string Normal = "Normal";
    private const string Warning = "Warning";

    /// <summary>The table. A wait is normal if it is asked for, or is part of a recovery and passes by itself.</summary>
    public static FrozenDictionary<string, string> EventTypes { get; } = new Dictionary<string, string>
    {
        [Reasons.Suspended] = Normal,
        [Reasons.InvalidSpec] = Warning,
        [Reasons.ImmutableField] = Warning,
        [Reasons.ModelEndpointNotFound] = Warning,
        [Reasons.InvalidModelEndpoint] = Warning,
        [Reasons.TaskNotFound] = Warning,
        [Reasons.PodTerminating] = Normal,
        [Reasons.Diverged] = Warning,
        [Reasons.MemoryCapReached] = Warning,
        [Reasons.BackingOff] = Normal,
        [Reasons.ImagePullFailed] = Warning,
        [Reasons.PodCannotStart] = Warning,
        [Reasons.Unschedulable] = Warning,
        [Reasons.McpServerUnavailable] = Warning,
        [Reasons.GatewayUnavailable] = Warning,
        [Reasons.EndpointUnavailable] = Warning,
        [Reasons.KeyNotFound] = Warning,
        [Reasons.KeyNotAllowed] = Warning,
        [Reasons.KeyRefused] = Warning,
        [Reasons.QuotaExceeded] = Warning,
        [Reasons.ModelNotFound] = Warning,
        [Reasons.ParameterRefused] = Warning,
        [Reasons.AnswerTooSlow] = Warning,
        [Reasons.UnexpectedAnswer] = Warning,
        [Reasons.PodRejected] = Warning,
        [Reasons.ReconcileError] = Warning,
        [Reasons.JournalBroken] = Warning,
        [Reasons.Deleting] = Normal,
    }.ToFrozenDictionary();

    /// <summary>
    /// The type of the event for a wait that a condition shows; null if it shows none. A pod that stops at the end of its own work is not waited for.
    /// </summary>
    public static string? EventTypeOf(Condition condition) =>
        condition is { Reason: Reasons.PodTerminating, Status: ConditionStatuses.True } ? null : EventTypes.GetValueOrDefault(condition.Reason);
}
