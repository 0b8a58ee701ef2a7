using System.Collections.Frozen;

namespace AgentOperator.Protocol;

/// <summary>The kinds of journal records.</summary>
public static class RecordKinds
{
    /// <summary>The run exists; the payload freezes its spec.</summary>
    public const string RunStarted = "RunStarted";

    /// <summary>An attempt's pod took the run over: from here on only its epoch commits.</summary>
    public const string EpochClaimed = "EpochClaimed";

    /// <summary>The model answered. Committed by the gateway before the runner sees it.</summary>
    public const string ModelAnswer = "ModelAnswer";

    /// <summary>A tool that is not pure is about to start.</summary>
    public const string ToolIntent = "ToolIntent";

    /// <summary>A tool ended and this is what the model is told.</summary>
    public const string ToolResult = "ToolResult";

    /// <summary>A tool failed and this error is what the model is told.</summary>
    public const string ToolFailed = "ToolFailed";

    /// <summary>
    /// An irreversible tool was in flight when its pod was lost, or its result never arrived or could not be read: whether it took effect is
    /// not known.
    /// </summary>
    public const string ToolUnknown = "ToolUnknown";

    /// <summary>Tools that cannot be used, or that the provider refuses, are left out of all requests from here on.</summary>
    public const string ToolsLeftOut = "ToolsLeftOut";

    /// <summary>A human was asked.</summary>
    public const string ApprovalRequested = "ApprovalRequested";

    /// <summary>A human answered.</summary>
    public const string ApprovalDecided = "ApprovalDecided";

    /// <summary>The workspace was saved.</summary>
    public const string WorkspaceSnapshot = "WorkspaceSnapshot";

    /// <summary>Old parts of the conversation were replaced by a summary.</summary>
    public const string ContextCompacted = "ContextCompacted";

    /// <summary>A child run was started.</summary>
    public const string ChildStarted = "ChildStarted";

    /// <summary>A child run ended.</summary>
    public const string ChildFinished = "ChildFinished";

    /// <summary>The run ended. Nothing follows it.</summary>
    public const string RunFinished = "RunFinished";

    private static readonly FrozenSet<string> Known = FrozenSet.Create(
        RunStarted, EpochClaimed, ModelAnswer, ToolIntent, ToolResult, ToolFailed, ToolUnknown, ToolsLeftOut, ApprovalRequested,
        ApprovalDecided, WorkspaceSnapshot, ContextCompacted, ChildStarted, ChildFinished, RunFinished);

    private static readonly FrozenSet<string> OfRunner = FrozenSet.Create(ToolIntent, ToolResult, ToolFailed, ToolUnknown, ToolsLeftOut);

    private static readonly FrozenSet<string> OfToolOutcome = FrozenSet.Create(ToolResult, ToolFailed, ToolUnknown);

    /// <summary>Whether the kind ends a tool call.</summary>
    public static bool IsToolOutcome(string kind) => OfToolOutcome.Contains(kind);

    /// <summary>Whether this build knows the kind.</summary>
    public static bool IsKnown(string kind) => Known.Contains(kind);

    /// <summary>Whether a runner may append the kind itself; the others are written by the operator and the gateway alone.</summary>
    public static bool IsAppendableByRunner(string kind) => OfRunner.Contains(kind);
}
