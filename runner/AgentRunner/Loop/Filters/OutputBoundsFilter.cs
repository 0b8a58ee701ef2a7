using AgentTools;
using Microsoft.SemanticKernel;

namespace AgentRunner.Loop.Filters;

/// <summary>
/// Cuts what the model is told to the run's limit, whatever the tool and whether it succeeded. A tool that already cut its output while reading
/// it is left alone: cutting again would hide how much is missing.
/// </summary>
internal sealed class OutputBoundsFilter : IFunctionInvocationFilter
{
    /// <inheritdoc/>
    public async Task OnFunctionInvocationAsync(FunctionInvocationContext context, Func<FunctionInvocationContext, Task> next)
    {
        await next(context);
        if (context.Outcome() is { TruncatedBytes: 0 } outcome)
        {
            var (content, cut) = OutputBuffer.Cut(outcome.Content, context.Invocation().MaxOutputBytes);
            context.SetOutcome(outcome with { Content = content, TruncatedBytes = cut });
        }
    }
}
