using AgentOperator.Protocol;

namespace AgentRunner.Tools.Mcp;

/// <summary>
/// Chooses which tools of an MCP server are advertised to the model, and under which names. Does not depend on the order of the list.
/// </summary>
internal static class McpAdvertising
{
    /// <summary>Chooses them.</summary>
    /// <param name="server">The server's name in the spec.</param>
    /// <param name="listed">What the server lists; null for a tool without a name.</param>
    /// <param name="allow">The only names that may be used; empty for all.</param>
    /// <param name="taken">The names of other tools; those given here are added.</param>
    public static (IReadOnlyList<(ListedTool Tool, string Name)> Advertised, IReadOnlyList<LeftOutTool> LeftOut) Choose(
        string server, IReadOnlyList<ListedTool?> listed, IReadOnlyList<string> allow, HashSet<string> taken)
    {
        var advertised = new List<(ListedTool, string)>();
        var leftOut = new List<LeftOutTool>();

        // Sort: a server may list them in a different order each time, and the order is part of every request.
        var named = listed.OfType<ListedTool>().Where(tool => allow.Count == 0 || allow.Contains(tool.Name));
        foreach (var same in named.GroupBy(tool => tool.Name, StringComparer.Ordinal).OrderBy(same => same.Key, StringComparer.Ordinal))
        {
            var tool = same.First();
            var name = McpNames.Advertise(server, tool.Name, taken.Contains);
            if (Problem(same, !taken.Add(name)) is { } problem)
            {
                leftOut.Add(new LeftOutTool { Tool = name, Reason = problem });
            }
            else
            {
                advertised.Add((tool, name));
            }
        }

        if (allow.Count == 0 && listed.Contains(null))
        {
            leftOut.Add(new LeftOutTool { Tool = server, Reason = "tools that the server lists without a readable name" });
        }

        return (advertised, leftOut);
    }

    private static string? Problem(IGrouping<string, ListedTool> same, bool isTaken) => same switch
    {
        _ when same.Skip(1).Any() => "the server lists several tools of this name",
        _ when isTaken => "another tool has this name",
        _ => same.First().Problem,
    };
}
