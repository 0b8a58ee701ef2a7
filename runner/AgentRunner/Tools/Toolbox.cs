using System.Globalization;
using AgentOperator.Protocol;
using AgentRunner.Conversations;
using Microsoft.SemanticKernel;

namespace AgentRunner.Tools;

/// <summary>The tools of a run, in the order advertised.</summary>
internal sealed class Toolbox
{
    private const string BuiltIn = "built_in";

    private readonly Dictionary<string, KernelFunction> _functions;

    /// <param name="tools">The tools that can be used.</param>
    /// <param name="leftOut">The tools that MCP servers list and that cannot be used.</param>
    public Toolbox(IReadOnlyList<AdvertisedTool> tools, IReadOnlyList<LeftOutTool> leftOut)
    {
        LeftOut = leftOut;
        Effects = tools.ToDictionary(tool => tool.Tool.Name, tool => tool.Effect, StringComparer.Ordinal);
        Specifications = [.. tools.Select(tool => new ToolSpecification(tool.Tool.Name, tool.Tool.Description, tool.Tool.Schema.GetRawText()))];
        Plugins = [.. tools.GroupBy(tool => tool.Server).Select((source, index) => new ToolPlugin(PluginName(source.Key, index), source))];
        _functions = Plugins.SelectMany(plugin => plugin).ToDictionary(function => function.Name, StringComparer.Ordinal);
    }

    /// <summary>What each tool does to the world.</summary>
    public IReadOnlyDictionary<string, ToolEffect> Effects { get; }

    /// <summary>The tools that MCP servers list and that cannot be used.</summary>
    public IReadOnlyList<LeftOutTool> LeftOut { get; }

    /// <summary>The tools as the model is told of them.</summary>
    public IReadOnlyList<ToolSpecification> Specifications { get; }

    /// <summary>The tools as the kernel runs them: one plugin for each MCP server and one for the built-in tools.</summary>
    public IReadOnlyList<KernelPlugin> Plugins { get; }

    /// <summary>The function of a tool; null when no such tool is advertised.</summary>
    public KernelFunction? Function(string name) => _functions.GetValueOrDefault(name);

    /// <summary>Numbered, since the kernel takes fewer characters than a spec and ignores case: names of two servers may fall together.</summary>
    private static string PluginName(string? server, int index) => server is null
        ? BuiltIn
        : string.Create(CultureInfo.InvariantCulture, $"mcp{index}_{ToolNames.Replace(server).Replace('-', '_')}");
}
