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

    /// <summary>
    /// The tools that the run started with. The runner commits it before the first model call, and every later request offers exactly these.
    /// </summary>
    public const string ToolsListed = "ToolsListed";

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
    /// Model calls that the provider was sent and that brought no answer to commit. Written by the gateway; they count against the run's tokens and
    /// change nothing else.
    /// </summary>
    public const string ModelCallsUnused = "ModelCallsUnused";

    /// <summary>
    /// The bound of the conversation changed: the provider refused a longer one, or limits.maxContextBytes was changed. Requests follow the new
    /// bound from here on.
    /// </summary>
    public const string ContextShortened = "ContextShortened";

    /// <summary>The run ended. Always the last record.</summary>
    public const string RunFinished = "RunFinished";

    /// <summary>The kinds that this build knows, each with the schema version that introduced it.</summary>
    private static readonly FrozenDictionary<string, int> Known = new Dictionary<string, int>(StringComparer.Ordinal)
    {
        [RunStarted] = 1,
        [EpochClaimed] = 1,
        [ToolsListed] = 2,
        [ModelAnswer] = 1,
        [ToolIntent] = 1,
        [ToolResult] = 1,
        [ToolFailed] = 1,
        [ToolUnknown] = 1,
        [ToolsLeftOut] = 1,
        [ContextShortened] = 2,
        [RunFinished] = 1,
        [ModelCallsUnused] = 2,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly FrozenSet<string> OfRunner = FrozenSet.Create(
        ToolsListed, ToolIntent, ToolResult, ToolFailed, ToolUnknown, ToolsLeftOut, ContextShortened);

    private static readonly FrozenSet<string> OfToolOutcome = FrozenSet.Create(ToolResult, ToolFailed, ToolUnknown);

    /// <summary>Whether a record of this kind completes a tool call.</summary>
    public static bool IsToolOutcome(string kind) => OfToolOutcome.Contains(kind);

    /// <summary>Whether this build knows the kind.</summary>
    public static bool IsKnown(string kind) => Known.ContainsKey(kind);

    /// <summary>
    /// The schema version to write a record of this kind with: the one that introduced the kind. So an older build can read any journal that holds
    /// only kinds it knows.
    /// </summary>
    /// <exception cref="ArgumentException">This build does not know the kind.</exception>
    public static int SchemaVersionOf(string kind) =>
        Known.TryGetValue(kind, out var version) ? version : throw new ArgumentException($"no record kind is called '{kind}'", nameof(kind));

    /// <summary>Whether a runner may append this kind. Only the operator and the gateway write the others.</summary>
    public static bool IsAppendableByRunner(string kind) => OfRunner.Contains(kind);
}
