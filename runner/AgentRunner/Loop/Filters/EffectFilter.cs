using AgentOperator.Protocol;
using AgentTools;
using Microsoft.SemanticKernel;

namespace AgentRunner.Loop.Filters;

/// <summary>
/// Applies a tool's declared effect: a Keyed tool gets its idempotency key, and an unknown outcome becomes a failure unless the tool is
/// Irreversible. For an Irreversible tool it stays unknown, because a failure invites the model to repeat the call.
/// </summary>
internal sealed class EffectFilter : IFunctionInvocationFilter
{
    /// <inheritdoc/>
    public async Task OnFunctionInvocationAsync(FunctionInvocationContext context, Func<FunctionInvocationContext, Task> next)
    {
        var action = context.Action();
        if (action.Effect == ToolEffect.Keyed)
        {
            context.SetInvocation(context.Invocation() with { IdempotencyKey = action.Call.StepKey });
        }

        await next(context);
        if (context.Outcome() is { End: ToolEnd.Unknown } outcome)
        {
            context.SetOutcome(action.Effect == ToolEffect.Irreversible
                ? outcome with { Content = UnknownOutcome.WithoutResult(outcome.Content) }
                : outcome with { End = ToolEnd.Failed });
        }
    }
}
