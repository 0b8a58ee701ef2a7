using AgentOperator.Protocol;
using AgentRunner.Conversations;

namespace AgentRunner.Loop;

/// <summary>What the loop does next, as the planner says.</summary>
internal abstract record RunnerAction
{
    private RunnerAction()
    {
    }

    /// <summary>Ask the model.</summary>
    /// <param name="Ordinal">Which model call of the run this is, from 1.</param>
    /// <param name="StepKey">The call's identity.</param>
    internal sealed record CallModel(int Ordinal, string StepKey) : RunnerAction;

    /// <summary>Run a tool.</summary>
    /// <param name="Call">The call.</param>
    /// <param name="Effect">What running it does to the world.</param>
    /// <param name="CommitIntent">Whether the intent must be committed first.</param>
    internal sealed record StartTool(CallState Call, ToolEffect Effect, bool CommitIntent) : RunnerAction;

    /// <summary>Answer a tool call without running anything.</summary>
    /// <param name="Call">The call.</param>
    /// <param name="Outcome">What the model is told.</param>
    internal sealed record AnswerCall(CallState Call, CallOutcome Outcome) : RunnerAction;

    /// <summary>Commit which tools the run offers.</summary>
    /// <param name="Tools">The tools.</param>
    /// <param name="LeftOut">The tools that cannot be used.</param>
    internal sealed record ListTools(IReadOnlyList<OfferedTool> Tools, IReadOnlyList<LeftOutTool> LeftOut) : RunnerAction;

    /// <summary>Commit that the run goes on without some tools.</summary>
    internal sealed record LeaveOutTools(IReadOnlyList<LeftOutTool> Tools) : RunnerAction;

    /// <summary>Commit that the conversation has another bound.</summary>
    internal sealed record ShortenContext(ContextShortenedPayload Shortened) : RunnerAction;

    /// <summary>Commit the run's end, then exit.</summary>
    /// <param name="End">What is committed.</param>
    /// <param name="ExitCode">The exit code of the process after that.</param>
    internal sealed record EndRun(RunFinishedPayload End, int ExitCode) : RunnerAction
    {
        /// <summary>Whether a limit is the reason: it may have been raised.</summary>
        public bool IsForLimit { get; init; }
    }

    /// <summary>Exit: the run's end is already committed.</summary>
    /// <param name="End">What is committed.</param>
    internal sealed record Exit(RunFinishedPayload End) : RunnerAction;
}
