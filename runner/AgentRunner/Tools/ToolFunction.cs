using AgentTools;
using Microsoft.Extensions.AI;

namespace AgentRunner.Tools;

/// <summary>
/// A tool as the function that Semantic Kernel invokes. A subclass, because functions made from methods need reflection that NativeAOT
/// leaves out; one argument carries the invocation, because the kernel would re-encode the model's own. It has no schema: the kernel
/// throws at schemas that it cannot read as parameters, and the model is told of tools elsewhere.
/// </summary>
internal sealed class ToolFunction(ITool tool) : AIFunction
{
    /// <summary>The argument that carries the <see cref="ToolInvocation"/>.</summary>
    public const string InvocationArgument = "invocation";

    public override string Name => tool.Name;

    public override string Description => tool.Description;

    protected override async ValueTask<object?> InvokeCoreAsync(AIFunctionArguments arguments, CancellationToken cancellationToken) =>
        await tool.RunAsync((ToolInvocation)arguments[InvocationArgument]!, cancellationToken);
}
