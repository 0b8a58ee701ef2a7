using AgentOperator.Protocol;
using AgentRunner.Tools;
using AgentTools;
using Microsoft.SemanticKernel;

namespace AgentRunner.Loop;

/// <summary>Runs a planned tool call through the kernel and its filters.</summary>
internal sealed class ToolRunner(Kernel kernel, Toolbox toolbox, RunLimits limits)
{
    /// <summary>Runs it.</summary>
    /// <exception cref="OperationCanceledException">The call was given up and has no outcome.</exception>
    public async Task<ToolOutcome> RunAsync(RunnerAction.StartTool start, CancellationToken cancellationToken)
    {
        var call = start.Call.Call;
        if (!toolbox.Effects.ContainsKey(call.Name))
        {
            return ToolOutcome.Failure($"The tool '{call.Name}' is no longer there.");
        }

        var invocation = new ToolInvocation
        {
            Arguments = start.Call.Arguments.Object!.Value,
            IdempotencyKey = start.Effect == ToolEffect.Keyed ? start.Call.StepKey : null,
            Timeout = TimeSpan.FromSeconds(limits.StepTimeoutSeconds),
            MaxOutputBytes = limits.MaxToolOutputBytes,
        };
        var arguments = new KernelArguments { [ToolFunction.InvocationArgument] = invocation };
        try
        {
            return (await kernel.InvokeAsync(toolbox[call.Name], arguments, cancellationToken)).GetValue<ToolOutcome>()!;
        }
        catch (KernelFunctionCanceledException exception)
        {
            throw new OperationCanceledException(exception.Message, exception, cancellationToken);
        }
    }
}
