using System.Diagnostics.CodeAnalysis;
using AgentTools;
using Microsoft.SemanticKernel;

namespace AgentRunner.Tools;

/// <summary>
/// The tools of one MCP server, or the built-in ones, as a plugin of the kernel. The kernel's own plugin ignores case and throws when a
/// server lists both <c>get</c> and <c>Get</c>, and it copies each function.
/// </summary>
internal sealed class ToolPlugin : KernelPlugin
{
    private readonly OrderedDictionary<string, KernelFunction> _functions = new(StringComparer.Ordinal);

    /// <param name="name">Letters, digits and <c>_</c>.</param>
    /// <param name="tools">The tools.</param>
    public ToolPlugin(string name, IEnumerable<ITool> tools)
        : base(name)
    {
        foreach (var tool in tools)
        {
            _functions.Add(tool.Name, new ToolFunction(tool).AsKernelFunction().Clone(name));
        }
    }

    /// <inheritdoc/>
    public override int FunctionCount => _functions.Count;

    /// <inheritdoc/>
    public override bool TryGetFunction(string name, [NotNullWhen(true)] out KernelFunction? function) => _functions.TryGetValue(name, out function);

    /// <inheritdoc/>
    public override IEnumerator<KernelFunction> GetEnumerator() => _functions.Values.GetEnumerator();
}
