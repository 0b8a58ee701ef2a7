using AgentOperator.Protocol;
using AgentTools;

namespace AgentRunner.Tools;

/// <summary>A tool of a run.</summary>
/// <param name="Offer">The tool as the model is told of it.</param>
/// <param name="Tool">Runs it; null when this runner cannot.</param>
internal sealed record AdvertisedTool(OfferedTool Offer, ITool? Tool)
{
    /// <summary>A tool that is offered as it describes itself.</summary>
    /// <param name="tool">The tool.</param>
    /// <param name="effect">What the spec says that running it does to the world.</param>
    /// <param name="server">The name of its MCP server in the spec; null for a built-in tool.</param>
    /// <param name="serverTool">Its name at the server; null for a built-in tool.</param>
    public static AdvertisedTool Of(ITool tool, ToolEffect effect, string? server = null, string? serverTool = null) => new(
        new OfferedTool
        {
            Name = tool.Name,
            Description = tool.Description,
            InputSchema = tool.Schema.GetRawText(),
            Effect = effect,
            Server = server,
            ServerTool = serverTool,
        },
        tool);
}
