using AgentOperator.Protocol;
using AgentRunner.Conversations;
using AgentRunner.Gateway;

namespace AgentRunner.Loop;

/// <summary>What the loop does when the gateway refuses a step for good. Pure.</summary>
internal static class Refusals
{
    /// <summary>The next action; null if the attempt cannot go on.</summary>
    public static RunnerAction? NextAction(GatewayException refusal, Conversation conversation) => refusal.Code switch
    {
        ErrorCodes.BudgetExhausted => Planner.Failed(RunnerExitCodes.BudgetExhausted, TerminationReasons.BudgetExhausted, refusal.Message),
        ErrorCodes.RecordRefused => Planner.Failed(RunnerExitCodes.Done, TerminationReasons.RecordRefused, refusal.Message),
        ErrorCodes.ModelRejected => RefusedTools(refusal, conversation) is { Count: > 0 } tools
            ? new RunnerAction.LeaveOutTools(tools)
            : Planner.Failed(RunnerExitCodes.AuthOrQuota, TerminationReasons.ModelRejected, refusal.Message),
        ErrorCodes.ContextTooLong => ContextShortening.AfterRefusal(conversation, refusal) is { } shortened
            ? new RunnerAction.ShortenContext(shortened)
            : Planner.Failed(
                RunnerExitCodes.Done, TerminationReasons.ContextTooLong, ContextShortening.NothingLeft(conversation, refusal.Message)),
        _ => null,
    };

    /// <summary>The tools of the request that the provider refused. Each time there is one less to refuse.</summary>
    private static List<LeftOutTool> RefusedTools(GatewayException refusal, Conversation conversation) =>
        [.. conversation.Prompt.Tools.Where(tool => refusal.RejectedTools.Contains(tool.Name))
            .Select(tool => new LeftOutTool { Tool = tool.Name, Reason = $"the provider refuses it: {refusal.Message}" })];
}
