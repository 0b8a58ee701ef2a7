using System.Text.Json;
using AgentOperator.Journal;
using AgentOperator.Protocol;

namespace AgentOperator.Gateway.Models;

/// <summary>
/// Commits paid answers. It is not bound to the connection that asked: what is paid is committed whether or not the runner still listens.
/// </summary>
internal sealed partial class AnswerCommit(
    IJournalStore journal,
    AnswerLookup lookup,
    PaidAnswers paid,
    IHostApplicationLifetime lifetime,
    TimeProvider time,
    ILogger<AnswerCommit> logger)
{
    private const int Tries = 12;

    /// <summary>Short, so that an answer is committed soon after the store is back: until then it is lost if this replica dies.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Commits the step's answer, and waits a while for a store that does not answer. When the epoch is over, the answer stays in
    /// <see cref="PaidAnswers"/> for the attempt that follows. An answer that is too large for the journal is shortened.
    /// </summary>
    /// <returns>What is committed, and at which sequence.</returns>
    /// <exception cref="JournalException">The epoch is over, the journal has gone on, or the store still does not answer.</exception>
    public async Task<ModelReply> CommitAsync(ModelStep step, ProviderOutcome.Answered answered)
    {
        var (run, answer) = (step.Runner.Run, answered.Answer);
        for (var tried = 1; ; tried++)
        {
            try
            {
                var record = new NewRecord(
                    RecordKinds.ModelAnswer, JsonSerializer.SerializeToElement(answer, ProtocolJson.Default.ModelAnswerPayload), step.Key);
                IReadOnlyList<NewRecord> records = answered.Unused is { } unused ? [UnusedCalls.RecordOf(unused), record] : [record];
                await journal.AppendAsync(run, step.Runner.Writer, step.ExpectedSequence, records, lifetime.ApplicationStopped);
                paid.Committed(run.Uid, step.Key);

                // Where it is committed; the head may be further on by now, when this was the second of two equal requests.
                var sequence = step.ExpectedSequence + records.Count;
                lookup.Committed(step, sequence);
                return new ModelReply(answer, sequence, Replayed: false);
            }
            catch (JournalException exception)
                when (exception.Code is ErrorCodes.RecordTooLarge or ErrorCodes.RecordRefused && answer.FinishReason != ModelAnswerPayload.TooLarge)
            {
                LogTooLarge(logger, run.Namespace, run.Name, exception.Message);
                answer = exception.Code == ErrorCodes.RecordTooLarge ? LargeAnswer.Shorten(answer) : LargeAnswer.OnlyUsage(answer);
            }
            catch (JournalException exception) when (exception.Code == ErrorCodes.SequenceConflict && tried < Tries)
            {
                // Unused calls of this step, which were recorded while it waited, are no reason to lose its answer.
                var passed = await journal.ReadHeadAsync(run, lifetime.ApplicationStopped) is { } head
                    ? await lookup.PassUnusedCallsAsync(step, head, lifetime.ApplicationStopped)
                    : step;
                if (passed.ExpectedSequence == step.ExpectedSequence)
                {
                    throw;
                }

                step = passed;
            }
            catch (JournalException exception) when (exception.Code == ErrorCodes.JournalUnavailable && tried < Tries)
            {
                LogCommitWaits(logger, run.Namespace, run.Name, tried);
                await Task.Delay(Pause, time, lifetime.ApplicationStopped);
            }
        }
    }

    /// <summary>
    /// Commits the step's answer for a runner that asked another replica, if the call was made here. Waits for a call that is under way.
    /// </summary>
    /// <returns>False when this replica has nothing of the step.</returns>
    public async Task<bool> CommitForPeerAsync(ModelStep step, CancellationToken cancellationToken)
    {
        if (paid.Find(step.Runner.Run.Uid, step.Key) is not { } call
            || await call.WaitAsync(cancellationToken) is not ProviderOutcome.Answered answered)
        {
            return false;
        }

        await CommitAsync(step, answered);
        return true;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A paid answer of run {Namespace}/{Run} cannot be kept whole: {Reason}")]
    private static partial void LogTooLarge(ILogger logger, string @namespace, string run, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A paid answer of run {Namespace}/{Run} waits for the journal's store (try {Tried})")]
    private static partial void LogCommitWaits(ILogger logger, string @namespace, string run, int tried);
}
