using AgentOperator.Api;
using AgentOperator.ControlRuntime;
using AgentOperator.Journal;
using AgentOperator.Protocol;
using AgentOperator.Runs.Attempts;
using AgentOperator.Runs.Recovery;

namespace AgentOperator.Runs;

/// <summary>Executes the actions of a plan and returns the snapshot after each.</summary>
internal sealed partial class PlanExecutor(
    IJournalStore journal, AttemptPods pods, IObjectClient<AgentRun> runs, ILogger<PlanExecutor> logger)
{
    public Task<RunSnapshot> ExecuteAsync(RunSnapshot snapshot, RunAction action, CancellationToken cancellationToken) => action switch
    {
        RunAction.StartJournal start => StartJournalAsync(snapshot, start, cancellationToken),
        RunAction.CreatePod create => pods.CreateAsync(snapshot, create, cancellationToken),
        RunAction.ClaimEpoch claim => pods.ClaimAsync(snapshot, claim.Pod, cancellationToken),
        RunAction.AnswerCall answer => AnswerCallAsync(snapshot, answer, cancellationToken),
        RunAction.DeletePod delete => pods.DeleteAsync(snapshot, delete, cancellationToken),
        RunAction.RestorePod restore => pods.RestoreAsync(snapshot, restore, cancellationToken),
        RunAction.Finish finish => FinishAsync(snapshot, finish, cancellationToken),
        RunAction.DeleteRun => DeleteRunAsync(snapshot, cancellationToken),
        _ => throw new InvalidOperationException($"unknown action {action.GetType().Name}"),
    };

    private async Task<RunSnapshot> StartJournalAsync(RunSnapshot snapshot, RunAction.StartJournal start, CancellationToken cancellationToken)
    {
        try
        {
            return snapshot with
            {
                Head = await journal.StartAsync(
                    snapshot.Identity, FrozenSpec.Hash(snapshot.Spec), FrozenSpec.Freeze(snapshot.Spec, start.Task), cancellationToken),
            };
        }
        catch (JournalException exception) when (exception.Code is ErrorCodes.RecordTooLarge or ErrorCodes.RecordRefused)
        {
            return snapshot with { SpecViolations = [.. snapshot.SpecViolations, $"spec: cannot be kept in the run's journal: {exception.Message}"] };
        }
    }

    private async Task<RunSnapshot> AnswerCallAsync(RunSnapshot snapshot, RunAction.AnswerCall answer, CancellationToken cancellationToken)
    {
        var head = await journal.AppendForOperatorAsync(snapshot.Identity, answer.ExpectedSequence, answer.Answer, cancellationToken);
        LogAnswered(logger, answer.Tool, head.Sequence);
        return snapshot with { Head = head, OpenCall = await OpenCall.ReadAsync(journal, snapshot.Identity, head, cancellationToken) };
    }

    private async Task<RunSnapshot> FinishAsync(RunSnapshot snapshot, RunAction.Finish finish, CancellationToken cancellationToken)
    {
        var head = await journal.FinishAsync(snapshot.Identity, finish.End, cancellationToken);
        LogFinished(logger, head.Finished?.Outcome.ToString(), head.Finished?.Reason);
        return snapshot with { Head = head };
    }

    private async Task<RunSnapshot> DeleteRunAsync(RunSnapshot snapshot, CancellationToken cancellationToken)
    {
        await runs.DeleteAsync(snapshot.Run, cancellationToken);
        LogExpired(logger);
        return snapshot;
    }

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "Answered a call of {Tool} that crashed every attempt with an error; the journal is at {Sequence}")]
    private static partial void LogAnswered(ILogger logger, string tool, long sequence);

    [LoggerMessage(Level = LogLevel.Information, Message = "Committed the run's end: {Outcome}, {Reason}")]
    private static partial void LogFinished(ILogger logger, string? outcome, string? reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Deleting the run: its ttlSecondsAfterFinished has passed")]
    private static partial void LogExpired(ILogger logger);
}
