using ModelContextProtocol.Protocol;

namespace AgentRunner.Tools.Mcp;

/// <summary>What a model can be told of an MCP result.</summary>
internal static class McpContent
{
    /// <summary>The result's texts, one after the other; what is no text is named. Structured content stands in when there is nothing else.</summary>
    public static string Text(CallToolResult result)
    {
        var parts = result.Content.Select(block => block switch
        {
            TextContentBlock text => text.Text,
            EmbeddedResourceBlock { Resource: TextResourceContents resource } => resource.Text,
            ResourceLinkBlock link => $"[resource {link.Uri}]",
            _ => $"[{block.Type} content is not shown]",
        }).ToList();
        return parts.Count == 0 && result.StructuredContent is { } structured ? structured.ToString() : string.Join('\n', parts);
    }
}
