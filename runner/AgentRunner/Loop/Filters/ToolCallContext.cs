using AgentRunner.Tools;
using AgentTools;
using Microsoft.SemanticKernel;

namespace AgentRunner.Loop.Filters;

/// <summary>What a filter knows of the tool call that it surrounds.</summary>
internal static class ToolCallContext
{
    private const string ActionArgument = "action";

    /// <summary>The kernel's arguments for a call.</summary>
    public static KernelArguments Arguments(RunnerAction.StartTool action, ToolInvocation invocation) =>
        new() { [ActionArgument] = action, [ToolFunction.InvocationArgument] = invocation };

    /// <summary>The planned action.</summary>
    public static RunnerAction.StartTool Action(this FunctionInvocationContext context) => (RunnerAction.StartTool)context.Arguments[ActionArgument]!;

    /// <summary>What the tool is given.</summary>
    public static ToolInvocation Invocation(this FunctionInvocationContext context) =>
        (ToolInvocation)context.Arguments[ToolFunction.InvocationArgument]!;

    /// <summary>Replaces what the tool is given. Has no effect once the tool has started.</summary>
    public static void SetInvocation(this FunctionInvocationContext context, ToolInvocation invocation) =>
        context.Arguments[ToolFunction.InvocationArgument] = invocation;

    /// <summary>The outcome so far. Valid once the next filter has returned.</summary>
    public static ToolOutcome Outcome(this FunctionInvocationContext context) => context.Result.GetValue<ToolOutcome>()!;

    /// <summary>Replaces the outcome.</summary>
    public static void SetOutcome(this FunctionInvocationContext context, ToolOutcome outcome) =>
        context.Result = new FunctionResult(context.Result, outcome);
}
