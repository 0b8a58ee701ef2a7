using AgentOperator.Protocol;
using Microsoft.SemanticKernel;

namespace AgentRunner.Loop.Filters;

/// <summary>
/// Commits the intent to call a tool before the tool starts. If the commit fails, the tool does not start, and the exception ends the attempt.
/// Must be the outermost filter that can fail: an intent that was not committed is not the tool's failure.
/// </summary>
/// <param name="journal">Takes the intent.</param>
/// <param name="stop">Says when to give up the commit, which is later than giving up the step.</param>
internal sealed class IntentFilter(JournalWriter journal, StopSignal stop) : IFunctionInvocationFilter
{
    /// <inheritdoc/>
    public async Task OnFunctionInvocationAsync(FunctionInvocationContext context, Func<FunctionInvocationContext, Task> next)
    {
        var action = context.Action();
        if (action.CommitIntent)
        {
            await journal.CommitIntentAsync(action.Call, new ToolIntentPayload(action.Call.Call.Name, action.Effect), stop.CommitGivenUp);
        }

        // The step may have been given up during the commit. Not every tool looks before it acts.
        context.CancellationToken.ThrowIfCancellationRequested();
        await next(context);
    }
}
