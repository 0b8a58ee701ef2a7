using AgentTools;
using Microsoft.Extensions.Logging;
using Microsoft.SemanticKernel;

namespace AgentRunner.Loop.Filters;

/// <summary>Turns what a tool throws into an outcome that the model is told: a defect in a tool costs the call, not the run.</summary>
internal sealed partial class FailureFilter(ILogger<FailureFilter> logger) : IFunctionInvocationFilter
{
    /// <inheritdoc/>
    public async Task OnFunctionInvocationAsync(FunctionInvocationContext context, Func<FunctionInvocationContext, Task> next)
    {
        try
        {
            await next(context);
        }
        catch (Exception exception) when (
            exception is not OutOfMemoryException && !(exception is OperationCanceledException && context.CancellationToken.IsCancellationRequested))
        {
            // The log names only the type, because the message may hold output. How far the tool got is not known.
            LogThrew(context.Function.Name, exception.GetType().Name);
            context.SetOutcome(ToolOutcome.Unknown($"The tool broke off: {exception.Message}"));
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "tool {Tool:l} threw {Exception:l}")]
    private partial void LogThrew(string tool, string exception);
}
