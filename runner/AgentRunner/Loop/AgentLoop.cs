using System.Globalization;
using AgentOperator.Protocol;
using AgentRunner.Conversations;
using AgentRunner.Exits;
using AgentRunner.Gateway;
using AgentRunner.Models;
using AgentTools;
using Microsoft.Extensions.Logging;

namespace AgentRunner.Loop;

/// <summary>
/// Goes from one committed record to the next: asks the planner, does what it says, commits. It may be killed anywhere; the next attempt
/// plans from the same records.
/// </summary>
internal sealed partial class AgentLoop(
    Conversation conversation, Planner planner, JournalWriter journal, IModelClient model, ToolRunner tools, StopSignal stop, Progress progress,
    CurrentLimits limits, TimeProvider time, ILogger<AgentLoop> logger)
{
    /// <summary>Runs to the run's end, or until it is stopped.</summary>
    /// <exception cref="GatewayException">The gateway refused for good or stayed away.</exception>
    /// <exception cref="JournalDefectException">The journal cannot be used.</exception>
    /// <exception cref="DivergenceException">The run no longer matches its journal.</exception>
    public async Task<RunnerExit> RunAsync()
    {
        while (true)
        {
            var action = Plan();
            if (action is RunnerAction.EndRun { IsForLimit: true })
            {
                await limits.RefreshAsync(stop.CommitGivenUp);
                action = Plan();
            }

            if (action is RunnerAction.Exit exit)
            {
                return Exit(exit.End, RunnerExitCodes.Done);
            }

            if (action is RunnerAction.EndRun end)
            {
                return await EndAsync(end);
            }

            if (stop.IsRequested)
            {
                return Stopped();
            }

            var overdue = limits.Overdue;
            try
            {
                await DoAsync(action, overdue);
            }
            catch (OperationCanceledException) when (stop.StepGivenUp.IsCancellationRequested)
            {
                return Stopped();
            }
            catch (OperationCanceledException) when (overdue.IsCancellationRequested)
            {
                await limits.RefreshAsync(stop.CommitGivenUp);
                if (limits.Overdue.IsCancellationRequested)
                {
                    // Do not compare with the clock again: a timer may fire slightly early.
                    return await EndAsync(Planner.DeadlineExceeded);
                }
            }
            catch (GatewayException exception) when (Refusals.NextAction(exception, conversation) is { } next)
            {
                if (next is RunnerAction.EndRun failed)
                {
                    return await EndAsync(failed);
                }

                await DoAsync(next, overdue);
            }
        }
    }

    private RunnerAction Plan() => planner.Next(conversation, limits.Limits, limits.Deadline, time.GetUtcNow());

    private static RunnerExit Exit(RunFinishedPayload end, int code) =>
        new(
            code, end.Reason,
            end.Message ?? (end.Outcome == RunOutcome.Succeeded ? "The run's result is committed." : "The run's end is committed."));

    private static string KindOf(ToolEnd end) => end switch
    {
        ToolEnd.Succeeded => RecordKinds.ToolResult,
        ToolEnd.Unknown => RecordKinds.ToolUnknown,
        _ => RecordKinds.ToolFailed,
    };

    private Task DoAsync(RunnerAction action, CancellationToken overdue) => action switch
    {
        RunnerAction.CallModel call => CallModelAsync(call, overdue),
        RunnerAction.ListTools list => ListToolsAsync(list),
        RunnerAction.LeaveOutTools leave => LeaveOutToolsAsync(leave),
        RunnerAction.ShortenContext shorten => ShortenContextAsync(shorten.Shortened),
        RunnerAction.StartTool start => StartToolAsync(start, overdue),
        RunnerAction.AnswerCall answer => AnswerCallAsync(answer),
        _ => throw new InvalidOperationException($"The loop does not know the action {action.GetType().Name}."),
    };

    private async Task CallModelAsync(RunnerAction.CallModel call, CancellationToken overdue)
    {
        LogStep(call.Ordinal);
        progress.Set(call.Ordinal - 1, string.Create(CultureInfo.InvariantCulture, $"model call {call.Ordinal}"));
        using var step = CancellationTokenSource.CreateLinkedTokenSource(stop.StepGivenUp, overdue);
        var started = time.GetTimestamp();
        ModelAnswer? answer;
        try
        {
            answer = await model.AnswerAsync(conversation, call.StepKey, step.Token);
        }
        catch (GatewayException exception) when (exception.Code is ErrorCodes.SequenceConflict or ErrorCodes.KeyReused)
        {
            // Either the answer was committed and its reply lost, or another writer was first. The journal says which. With KeyReused, the answer
            // is to the request as it was before a limit changed.
            await journal.CatchUpOrThrowAsync(exception, stop.CommitGivenUp);
            return;
        }

        if (answer is null || answer.Sequence != conversation.Head + 1)
        {
            await journal.CatchUpOrThrowAsync(null, stop.CommitGivenUp);
            return;
        }

        conversation.AddAnswer(answer.Sequence, answer.Payload);
        LogAnswered(
            call.Ordinal, (long)time.GetElapsedTime(started).TotalMilliseconds, answer.Payload.Usage.PromptTokens,
            answer.Payload.Usage.CompletionTokens, answer.Payload.Usage.CachedTokens, answer.Payload.ToolCalls.Count,
            answer.Replayed ? ", found in the journal" : "");
    }

    private async Task ListToolsAsync(RunnerAction.ListTools list)
    {
        try
        {
            await journal.CommitToolsAsync(list.Tools, list.LeftOut, stop.CommitGivenUp);
            LogLeftOut(list.LeftOut);
        }
        catch (GatewayException exception) when (exception.Code == ErrorCodes.InvalidRequest)
        {
            // During an upgrade, an older replica does not know the record. The run goes on as with an older runner, which wrote none.
            LogNotListed(exception.Message);
            planner = planner.WithoutToolList();
        }
    }

    private Task LeaveOutToolsAsync(RunnerAction.LeaveOutTools leave)
    {
        LogLeftOut(leave.Tools);
        return journal.CommitLeftOutAsync(leave.Tools, stop.CommitGivenUp);
    }

    private void LogLeftOut(IReadOnlyList<LeftOutTool> tools)
    {
        foreach (var tool in tools)
        {
            LogLeftOut(tool.Tool, tool.Reason);
        }
    }

    private async Task ShortenContextAsync(ContextShortenedPayload shortened)
    {
        LogShortened(shortened.MaxBytes, shortened.Refusal ?? "limits.maxContextBytes changed");
        await journal.CommitShortenedAsync(shortened, stop.CommitGivenUp);
    }

    private async Task StartToolAsync(RunnerAction.StartTool start, CancellationToken overdue)
    {
        progress.Set(conversation.Turns.Count - 1, $"tool {start.Call.Call.Name}");
        using var step = CancellationTokenSource.CreateLinkedTokenSource(stop.StepGivenUp, overdue);
        var outcome = await tools.RunAsync(start, step.Token);
        await CommitAsync(start.Call, KindOf(outcome.End), outcome);
    }

    private Task AnswerCallAsync(RunnerAction.AnswerCall answer)
    {
        LogNotRun(answer.Call.SentName, answer.Outcome.Kind);
        return CommitAsync(answer.Call, answer.Outcome.Kind, ToolOutcome.Failure(answer.Outcome.Content));
    }

    private Task CommitAsync(CallState call, string kind, ToolOutcome outcome) => journal.CommitOutcomeAsync(
        call, kind, new ToolOutcomePayload
        {
            Tool = call.Call.Name,
            Content = outcome.Content,
            TruncatedBytes = outcome.TruncatedBytes,
            DurationMilliseconds = (long)outcome.Duration.TotalMilliseconds,
        },
        stop.CommitGivenUp);

    private async Task<RunnerExit> EndAsync(RunnerAction.EndRun end)
    {
        await journal.FinishAsync(end.End, stop.CommitGivenUp);
        return Exit(conversation.Finished!, end.ExitCode);
    }

    private RunnerExit Stopped() => stop.Fatal is { } fatal
        ? ExitRules.For(fatal)
        : new RunnerExit(RunnerExitCodes.Parked, TerminationReasons.Stopped, $"Stopped on request ({stop.Reason}) after record {conversation.Head}.");

    [LoggerMessage(Level = LogLevel.Information, Message = "step {Step}: asking the model")]
    private partial void LogStep(int step);

    [LoggerMessage(
        Level = LogLevel.Information,
        Message =
            "step {Step}: the model answered after {Milliseconds} ms: {PromptTokens} prompt, {CompletionTokens} completion, {CachedTokens} cached "
                + "tokens, {ToolCalls} tool calls{Replayed:l}")]
    private partial void LogAnswered(
        int step, long milliseconds, long promptTokens, long completionTokens, long cachedTokens, int toolCalls, string replayed);

    [LoggerMessage(Level = LogLevel.Warning, Message = "the gateway does not take the list of tools, so each attempt lists them anew: {Reason:l}")]
    private partial void LogNotListed(string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "tool {Tool:l} is left out: {Reason:l}")]
    private partial void LogLeftOut(string tool, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "the conversation has a new bound of {MaxBytes} bytes: {Reason:l}")]
    private partial void LogShortened(int maxBytes, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "tool {Tool:l} was not run: {Kind:l}")]
    private partial void LogNotRun(string tool, string kind);
}
