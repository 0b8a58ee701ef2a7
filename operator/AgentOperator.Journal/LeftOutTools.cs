using AgentOperator.Protocol;
using AgentOperator.ControlRuntime;

namespace AgentOperator.Journal;

/// <summary>The tools that a run goes without, as a text for people.</summary>
internal static class LeftOutTools
{
    /// <summary>The most bytes of UTF-8 that it has.</summary>
    public const int MaxBytes = 900;

    /// <summary>Adds a record's tools to the text of the records before it.</summary>
    public static string? Add(string? before, ToolsLeftOutPayload added)
    {
        var tools = string.Join("; ", added.Tools.Select(tool => $"{tool.Tool} ({tool.Reason})"));
        return TextLimit.Cut(string.IsNullOrEmpty(before) ? tools : $"{before}; {tools}", MaxBytes);
    }
}
