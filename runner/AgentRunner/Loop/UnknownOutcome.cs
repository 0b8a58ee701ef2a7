using AgentOperator.Protocol;
using AgentTools;

namespace AgentRunner.Loop;

/// <summary>What is recorded of a call that may have taken effect.</summary>
internal static class UnknownOutcome
{
    private const string Caution = "Find out whether it took effect before you do anything that builds on it or does it again.";

    /// <summary>
    /// The record kind of an outcome. An unknown outcome is a failure for tools that may run again; for an irreversible one it is never
    /// a failure, since a failure invites the model to repeat the call.
    /// </summary>
    public static string KindOf(ToolEnd end, ToolEffect effect) => end switch
    {
        ToolEnd.Succeeded => RecordKinds.ToolResult,
        ToolEnd.Unknown when effect == ToolEffect.Irreversible => RecordKinds.ToolUnknown,
        _ => RecordKinds.ToolFailed,
    };

    /// <summary>What the model is told of a call whose machine was lost.</summary>
    public static string InFlight(string tool) =>
        $"The call of '{tool}' was in flight when the machine it ran on was lost. "
        + $"Whether it took effect is not known, and it was not repeated. {Caution}";

    /// <summary>What the model is told of an irreversible call whose result never arrived.</summary>
    public static string WithoutResult(string what) => $"{what} The outcome of this call is unknown, and the call was not repeated. {Caution}";
}
