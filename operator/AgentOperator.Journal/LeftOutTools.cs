using AgentOperator.Protocol;
using AgentOperator.ControlRuntime;

namespace AgentOperator.Journal;

/// <summary>Lists the tools left out of a run, as readable text.</summary>
internal static class LeftOutTools
{
    /// <summary>The maximum length of the text in UTF-8 bytes.</summary>
    public const int MaxBytes = 900;

    /// <summary>Appends a record's tools to the text from earlier records.</summary>
    public static string? Add(string? before, ToolsLeftOutPayload added)
    {
        var tools = string.Join("; ", added.Tools.Select(tool => $"{tool.Tool} ({tool.Reason})"));
        return JournalRules.NullIfEmpty(TextLimit.Cut(string.IsNullOrEmpty(before) ? tools : $"{before}; {tools}", MaxBytes));
    }
}
