using AgentOperator.Protocol;
using AgentRunner.Conversations;
using AgentRunner.Loop.Filters;
using AgentRunner.Tools;
using AgentTools;
using Microsoft.SemanticKernel;

namespace AgentRunner.Loop;

/// <summary>Runs a planned tool call through the kernel and its filters (<see cref="ToolFilters"/>), under the limits of the moment.</summary>
/// <param name="kernel">Has the filters.</param>
/// <param name="toolbox">Has the tools.</param>
/// <param name="limits">Gives the run's limits.</param>
/// <param name="interrupted">The turn that an earlier attempt may have left open; null for none.</param>
internal sealed class ToolRunner(Kernel kernel, Toolbox toolbox, Func<RunLimits> limits, Turn? interrupted = null)
{
    /// <summary>Runs it.</summary>
    /// <returns>What is to be recorded; <see cref="ToolEnd.Unknown"/> only for an Irreversible tool.</returns>
    /// <exception cref="OperationCanceledException">The call was given up and has no outcome.</exception>
    /// <exception cref="Gateway.GatewayException">The intent could not be committed; the tool was not started.</exception>
    /// <exception cref="DivergenceException">The tool changed while the call was open.</exception>
    /// <exception cref="Exits.RunnerException">The tool's server does not answer; the tool was not started.</exception>
    public async Task<ToolOutcome> RunAsync(RunnerAction.StartTool action, CancellationToken cancellationToken)
    {
        // Before the intent: a server that is away has not been asked to do anything.
        if (await toolbox.FindChangeAsync(action.Call.Call.Name, cancellationToken) is { } change)
        {
            return Answer(action.Call, change);
        }

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

    /// <summary>
    /// The model is told of a tool that is gone or not what it was. A call that an earlier attempt left open may have begun under the old
    /// terms: whether it may go on under the new ones is for a person to say.
    /// </summary>
    private ToolOutcome Answer(CallState call, ToolChange change)
    {
        if (!change.IsRemoved && interrupted is not null && interrupted.Calls.Contains(call))
        {
            throw new DivergenceException(interrupted.Sequence, "a tool call", $"{change.Message} A call of it has no outcome yet.");
        }

        return ToolOutcome.Failure(call.Intent is null
            ? $"{change.Message} It was not called."
            : $"{change.Message} Whether a call that was started before took effect is not known.");
    }
}
