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
    private readonly ToolChanges? _changes;

    /// <param name="tools">The tools that the model is told of.</param>
    /// <param name="leftOut">The tools that MCP servers list and that cannot be used.</param>
    /// <param name="changes">Finds what became of the tools since the run started; null when they were listed just now.</param>
    public Toolbox(IReadOnlyList<AdvertisedTool> tools, IReadOnlyList<LeftOutTool> leftOut, ToolChanges? changes = null)
    {
        _changes = changes;
        LeftOut = leftOut;
        Offered = [.. tools.Select(tool => tool.Offer)];
        Plugins =
        [
            .. tools.Where(tool => tool.Tool is not null).GroupBy(tool => tool.Offer.Server)
                .Select((source, index) => new ToolPlugin(PluginName(source.Key, index), source.Select(tool => tool.Tool!))),
        ];
        _functions = Plugins.SelectMany(plugin => plugin).ToDictionary(function => function.Name, StringComparer.Ordinal);
    }

    /// <summary>The tools as the model is told of them.</summary>
    public IReadOnlyList<OfferedTool> Offered { get; }

    /// <summary>The tools that MCP servers list and that cannot be used.</summary>
    public IReadOnlyList<LeftOutTool> LeftOut { get; }

    /// <summary>The tools as the kernel runs them: one plugin for each MCP server and one for the built-in tools.</summary>
    public IReadOnlyList<KernelPlugin> Plugins { get; }

    /// <summary>The function of a tool; null when no such tool is advertised, or this runner cannot run it.</summary>
    public KernelFunction? Function(string name) => _functions.GetValueOrDefault(name);

    /// <summary>What became of an advertised tool since the run started; null when it can be called as the model knows it.</summary>
    /// <exception cref="Exits.RunnerException">Its server does not answer.</exception>
    public async Task<ToolChange?> FindChangeAsync(string name, CancellationToken cancellationToken) =>
        _changes is not null && Offered.FirstOrDefault(tool => tool.Name == name) is { } offered
            ? await _changes.FindAsync(offered, cancellationToken)
            : null;

    /// <summary>Numbered, since the kernel takes fewer characters than a spec and ignores case: names of two servers may fall together.</summary>
    private static string PluginName(string? server, int index) => server is null
        ? BuiltIn
        : string.Create(CultureInfo.InvariantCulture, $"mcp{index}_{ToolNames.Replace(server).Replace('-', '_')}");
}
