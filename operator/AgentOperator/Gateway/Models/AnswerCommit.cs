using System.Text.Json;
using AgentOperator.Journal;
using AgentOperator.Protocol;

namespace AgentOperator.Gateway.Models;

/// <summary>
/// Commits paid answers. It is not bound to the connection that asked: what is paid is committed whether or not the runner still listens.
/// </summary>
internal sealed partial class AnswerCommit(
    IJournalStore journal, PaidAnswers paid, IHostApplicationLifetime lifetime, TimeProvider time, ILogger<AnswerCommit> logger)
{
    private const int Tries = 12;

    /// <summary>Short, so that an answer is committed soon after the store is back: until then it is lost if this replica dies.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Commits the step's answer, and waits a while for a store that does not answer. When the epoch is over, the answer stays in
    /// <see cref="PaidAnswers"/> for the attempt that follows. An answer that is too large for the journal is shortened.
    /// </summary>
    /// <returns>What is committed.</returns>
    /// <exception cref="JournalException">The epoch is over, the journal has gone on, or the store still does not answer.</exception>
    public async Task<ModelAnswerPayload> CommitAsync(ModelStep step, ModelAnswerPayload answer)
    {
        var run = step.Runner.Run;
        for (var tried = 1; ; tried++)
        {
            try
            {
                var record = new NewRecord(
                    RecordKinds.ModelAnswer, JsonSerializer.SerializeToElement(answer, ProtocolJson.Default.ModelAnswerPayload), step.Key);
                await journal.AppendAsync(run, step.Runner.Writer, step.ExpectedSequence, [record], lifetime.ApplicationStopped);
                paid.Committed(run.Uid, step.Key);
                return answer;
            }
            catch (JournalException exception)
                when (exception.Code is ErrorCodes.RecordTooLarge or ErrorCodes.RecordRefused && answer.FinishReason != ModelAnswerPayload.TooLarge)
            {
                LogTooLarge(logger, run.Namespace, run.Name, exception.Message);
                answer = exception.Code == ErrorCodes.RecordTooLarge ? LargeAnswer.Shorten(answer) : LargeAnswer.OnlyUsage(answer);
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

        await CommitAsync(step, answered.Answer);
        return true;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A paid answer of run {Namespace}/{Run} cannot be kept whole: {Reason}")]
    private static partial void LogTooLarge(ILogger logger, string @namespace, string run, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A paid answer of run {Namespace}/{Run} waits for the journal's store (try {Tried})")]
    private static partial void LogCommitWaits(ILogger logger, string @namespace, string run, int tried);
}
