using System.Collections.Frozen;

namespace AgentOperator.Protocol;

/// <summary>The kinds of journal records.</summary>
public static class RecordKinds
{
    /// <summary>The run started. The payload holds its frozen spec.</summary>
    public const string RunStarted = "RunStarted";

    /// <summary>An attempt's pod took over the run. From here on, only its epoch can commit.</summary>
    public const string EpochClaimed = "EpochClaimed";

    /// <summary>The model answered. The gateway commits the answer before the runner sees it.</summary>
    public const string ModelAnswer = "ModelAnswer";

    /// <summary>A tool with side effects is about to start.</summary>
    public const string ToolIntent = "ToolIntent";

    /// <summary>A tool succeeded. The payload is its result as returned to the model.</summary>
    public const string ToolResult = "ToolResult";

    /// <summary>A tool failed. The payload is the error as returned to the model.</summary>
    public const string ToolFailed = "ToolFailed";

    /// <summary>
    /// It is unknown whether an irreversible tool took effect: its pod was lost while it ran, or its result never arrived or could not be
    /// read.
    /// </summary>
    public const string ToolUnknown = "ToolUnknown";

    /// <summary>Tools that are unusable, or that the provider rejects, are omitted from all requests from here on.</summary>
    public const string ToolsLeftOut = "ToolsLeftOut";

    /// <summary>
    /// The bound of the conversation changed: the provider refused a longer one, or limits.maxContextBytes was changed. Requests follow the new
    /// bound from here on.
    /// </summary>
    public const string ContextShortened = "ContextShortened";

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

    /// <summary>The run ended. Always the last record.</summary>
    public const string RunFinished = "RunFinished";

    private static readonly FrozenSet<string> Known = FrozenSet.Create(
        RunStarted, EpochClaimed, ModelAnswer, ToolIntent, ToolResult, ToolFailed, ToolUnknown, ToolsLeftOut, ContextShortened,
        ApprovalRequested, ApprovalDecided, WorkspaceSnapshot, ContextCompacted, ChildStarted, ChildFinished, RunFinished);

    private static readonly FrozenSet<string> OfRunner = FrozenSet.Create(
        ToolIntent, ToolResult, ToolFailed, ToolUnknown, ToolsLeftOut, ContextShortened);

    private static readonly FrozenSet<string> OfToolOutcome = FrozenSet.Create(ToolResult, ToolFailed, ToolUnknown);

    /// <summary>Whether a record of this kind completes a tool call.</summary>
    public static bool IsToolOutcome(string kind) => OfToolOutcome.Contains(kind);

    /// <summary>Whether this build knows the kind.</summary>
    public static bool IsKnown(string kind) => Known.Contains(kind);

    /// <summary>Whether a runner may append this kind. Only the operator and the gateway write the others.</summary>
    public static bool IsAppendableByRunner(string kind) => OfRunner.Contains(kind);
}
