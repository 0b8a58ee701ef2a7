namespace AgentOperator.ProtocolConformance.Trials;

/// <summary>The tools of a model call.</summary>
internal static class OfferedTools
{
    /// <summary>Their names, separated by commas.</summary>
    public static string Of(Exchange chat) => chat.Json.TryGetProperty("tools", out var tools)
        ? string.Join(", ", tools.EnumerateArray().Select(tool => tool.GetProperty("function").GetProperty("name").GetString()))
        : "";
}
