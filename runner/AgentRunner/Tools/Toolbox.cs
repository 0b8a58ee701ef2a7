using AgentOperator.Protocol;
using AgentRunner.Conversations;
using Microsoft.SemanticKernel;

namespace AgentRunner.Tools;

/// <summary>The tools of a run, in the order advertised.</summary>
/// <param name="tools">The tools that can be used.</param>
/// <param name="leftOut">The tools that MCP servers list and that cannot.</param>
internal sealed class Toolbox(IReadOnlyList<AdvertisedTool> tools, IReadOnlyList<LeftOutTool> leftOut)
{
    private readonly Dictionary<string, KernelFunction> functions = tools.ToDictionary(
        tool => tool.Tool.Name, tool => new ToolFunction(tool.Tool).AsKernelFunction(), StringComparer.Ordinal);

    /// <summary>What each tool does to the world.</summary>
    public IReadOnlyDictionary<string, ToolEffect> Effects { get; } =
        tools.ToDictionary(tool => tool.Tool.Name, tool => tool.Effect, StringComparer.Ordinal);

    /// <summary>The tools that MCP servers list and that cannot be used.</summary>
    public IReadOnlyList<LeftOutTool> LeftOut => leftOut;

    /// <summary>The tools as the model is told of them.</summary>
    public IReadOnlyList<ToolSpecification> Specifications { get; } =
        [.. tools.Select(tool => new ToolSpecification(tool.Tool.Name, tool.Tool.Description, tool.Tool.Schema.GetRawText()))];

    /// <summary>The kernel's plugin that holds them.</summary>
    public KernelPlugin Plugin => KernelPluginFactory.CreateFromFunctions("tools", functions.Values);

    /// <summary>The function of a tool that is advertised.</summary>
    public KernelFunction this[string name] => functions[name];
}
