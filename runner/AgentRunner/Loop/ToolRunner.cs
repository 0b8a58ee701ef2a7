using AgentOperator.Protocol;
using AgentRunner.Loop.Filters;
using AgentRunner.Tools;
using AgentTools;
using Microsoft.SemanticKernel;

namespace AgentRunner.Loop;

/// <summary>Runs a planned tool call through the kernel and its filters (<see cref="ToolFilters"/>), under the limits of the moment.</summary>
internal sealed class ToolRunner(Kernel kernel, Toolbox toolbox, Func<RunLimits> limits)
{
    /// <summary>Runs it.</summary>
    /// <returns>What is to be recorded; <see cref="ToolEnd.Unknown"/> only for an Irreversible tool.</returns>
    /// <exception cref="OperationCanceledException">The call was given up and has no outcome.</exception>
    /// <exception cref="Gateway.GatewayException">The intent could not be committed; the tool was not started.</exception>
    public async Task<ToolOutcome> RunAsync(RunnerAction.StartTool action, CancellationToken cancellationToken)
    {
        if (toolbox.Function(action.Call.Call.Name) is not { } function)
        {
            return ToolOutcome.Failure($"The tool '{action.Call.Call.Name}' is no longer there.");
        }

        var (_, _, timeout, maxOutputBytes, _) = limits();
        var invocation = new ToolInvocation
        {
            Arguments = action.Call.Arguments.Object!.Value,
            Timeout = TimeSpan.FromSeconds(timeout),
            MaxOutputBytes = maxOutputBytes,
        };
        try
        {
            return (await kernel.InvokeAsync(function, ToolCallContext.Arguments(action, invocation), cancellationToken)).GetValue<ToolOutcome>()!;
        }
        catch (KernelFunctionCanceledException exception)
        {
            throw new OperationCanceledException(exception.Message, exception, cancellationToken);
        }
    }
}
