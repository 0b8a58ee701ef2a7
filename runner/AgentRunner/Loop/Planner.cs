using AgentOperator.Protocol;
using AgentRunner.Conversations;
using AgentRunner.Tools;

namespace AgentRunner.Loop;

/// <summary>Decides the next action from what is committed. Pure.</summary>
/// <param name="tools">The tools.</param>
/// <param name="asksForTools">Whether the spec asks for any, and the gateway takes a record of them. If not, no record lists them.</param>
internal sealed class Planner(Toolbox tools, bool asksForTools)
{
    private readonly Dictionary<string, ToolEffect> _effects =
        tools.Offered.ToDictionary(tool => tool.Name, tool => tool.Effect, StringComparer.Ordinal);

    /// <summary>The next action.</summary>
    /// <param name="conversation">What is committed.</param>
    /// <param name="limits">The run's limits.</param>
    /// <param name="deadline">When the run ends whatever it does, by this machine's clock; null without a deadline.</param>
    /// <param name="now">The time by this machine's clock.</param>
    public RunnerAction Next(Conversation conversation, RunLimits limits, DateTimeOffset? deadline, DateTimeOffset now)
    {
        if (conversation.Finished is { } end)
        {
            return new RunnerAction.Exit(end);
        }

        var last = conversation.Turns.Count > 0 ? conversation.Turns[^1] : null;
        if (last?.Final is { Result: { } result } succeeded)
        {
            return Succeeded(result, succeeded.Remark);
        }

        if (last?.Final is { } nothing)
        {
            // Such a model is asked once more.
            if (conversation.Turns is [.., { Final: not null }, _])
            {
                return Failed(RunnerExitCodes.Done, nothing.Reason, $"{nothing.Failure}, also when it was asked again.");
            }

            if (conversation.Turns.Count >= limits.MaxSteps)
            {
                return Failed(RunnerExitCodes.Done, nothing.Reason, $"{nothing.Failure}, and limits.maxSteps allows no other.") with
                {
                    IsForLimit = true,
                };
            }
        }

        if (now >= deadline)
        {
            return DeadlineExceeded;
        }

        if (last?.FirstOpenCall is { } open)
        {
            return ForCall(conversation, last, open);
        }

        var unknown = tools.LeftOut.Where(tool => !conversation.IsLeftOut(tool.Tool)).ToList();
        if (asksForTools && !conversation.AreToolsListed && conversation.Turns.Count == 0)
        {
            return new RunnerAction.ListTools(tools.Offered, unknown);
        }

        if (unknown.Count > 0)
        {
            return new RunnerAction.LeaveOutTools(unknown);
        }

        if (conversation.Turns.Count >= limits.MaxSteps)
        {
            return Failed(RunnerExitCodes.BudgetExhausted, TerminationReasons.BudgetExhausted,
                $"The run used {Counted.Of(limits.MaxSteps, "step")}, all that limits.maxSteps allows, without a final answer.") with
            {
                IsForLimit = true,
            };
        }

        return ContextShortening.AfterChange(conversation, limits.MaxContextBytes) is { } changed
            ? new RunnerAction.ShortenContext(changed)
            : new RunnerAction.CallModel(conversation.Turns.Count + 1, conversation.NextModelCallKey);
    }

    /// <summary>The same without a record of the tools.</summary>
    public Planner WithoutToolList() => new(tools, asksForTools: false);

    /// <summary>The run's end at its deadline.</summary>
    public static RunnerAction.EndRun DeadlineExceeded { get; } =
        Failed(RunnerExitCodes.BudgetExhausted, TerminationReasons.DeadlineExceeded,
            "The run did not end before its deadline (limits.activeDeadlineSeconds).") with { IsForLimit = true };

    /// <summary>A run's end without an answer.</summary>
    public static RunnerAction.EndRun Failed(int exitCode, string reason, string message) =>
        new(new RunFinishedPayload { Outcome = RunOutcome.Failed, Reason = reason, Message = message }, exitCode);

    private static RunnerAction.EndRun Succeeded(string result, string? message) => new(
        new RunFinishedPayload { Outcome = RunOutcome.Succeeded, Reason = TerminationReasons.Completed, Message = message, Result = result },
        RunnerExitCodes.Done);

    private RunnerAction ForCall(Conversation conversation, Turn turn, CallState open)
    {
        if (open.Intent is { } intent)
        {
            return intent.Effect == ToolEffect.Irreversible
                ? new RunnerAction.AnswerCall(open, new CallOutcome(RecordKinds.ToolUnknown, UnknownOutcome.InFlight(open.Call.Name)))
                : new RunnerAction.StartTool(open, intent.Effect, CommitIntent: false);
        }

        // Arguments that may have been cut are never executed, however well they parse.
        if (turn.Answer.FinishReason == "length")
        {
            return Refused(
                open,
                "This call was not run: the answer was truncated at the output limit, so its arguments may be incomplete. "
                + "Ask again with shorter arguments.");
        }

        if (turn.Answer.FinishReason is not ("stop" or "tool_calls"))
        {
            return Refused(
                open,
                $"This call was not run: the answer ended early (finish_reason '{turn.Answer.FinishReason}'), so its arguments may be incomplete. "
                + "Ask again.");
        }

        if (conversation.IsLeftOut(open.Call.Name) || !_effects.TryGetValue(open.Call.Name, out var effect))
        {
            var names = _effects.Keys.Where(name => !conversation.IsLeftOut(name)).Order(StringComparer.Ordinal);
            return Refused(open, $"There is no tool named '{Shown(open.Call.Name)}'. The tools are: {string.Join(", ", names)}.");
        }

        return open.Arguments.Problem is { } problem
            ? Refused(
                open,
                $"This call was not run: its arguments are not a JSON object ({problem}), and are shown here as {open.Arguments.Sent}. "
                + "Call the tool again with one JSON object.")
            : new RunnerAction.StartTool(open, effect, CommitIntent: effect != ToolEffect.Pure);
    }

    /// <summary>A name that the model made up may be of any length.</summary>
    private static string Shown(string name) => name.Length <= ToolNames.MaxLength ? name : ToolNames.ToSend(name) + "...";

    private static RunnerAction.AnswerCall Refused(CallState call, string content) => new(call, new CallOutcome(RecordKinds.ToolFailed, content));
}
