using System.Collections.Concurrent;
using AgentOperator.Api;
using AgentOperator.ControlRuntime;

namespace AgentOperator.Gateway.Models;

/// <summary>
/// The answers that this replica is getting and committing. They are paid for, so a replica that stops waits for them, even if no runner listens. It
/// goes on serving meanwhile: the next attempt of a run may ask another replica, and that one asks here.
/// </summary>
internal sealed partial class AnswersUnderWay(
    PaidAnswers paid, ILister<AgentRun> runs, IHostApplicationLifetime lifetime, TimeProvider time, ILogger<AnswersUnderWay> logger)
    : IHostedLifecycleService
{
    /// <summary>How long answers wait for the attempt that follows the one they were for. Its pod has to start.</summary>
    private static readonly TimeSpan LongestHold = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly ConcurrentDictionary<Task, byte> _answers = new();

    /// <summary>Tracks an answer until it is committed or given up.</summary>
    public Task<ModelReply> Track(Task<ModelReply> answer)
    {
        if (!answer.IsCompleted)
        {
            _answers.TryAdd(answer, 0);
            answer.ContinueWith(
                static (task, answers) => ((ConcurrentDictionary<Task, byte>)answers!).TryRemove(task, out _), _answers, CancellationToken.None,
                TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }

        return answer;
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>
    /// Waits for the answers under way, and a while for those that only the next attempt can commit. The host calls this before it stops listening.
    /// The token ends the wait after the shutdown timeout.
    /// </summary>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        // Leadership is handed over now, not after this wait.
        lifetime.StopApplication();
        var (underWay, unclaimed) = (_answers.Count, Unclaimed());
        if (underWay + unclaimed == 0)
        {
            return;
        }

        LogWaiting(logger, underWay, unclaimed);
        var started = time.GetTimestamp();
        while (!cancellationToken.IsCancellationRequested
            && (!_answers.IsEmpty || (Unclaimed() > 0 && time.GetElapsedTime(started) < LongestHold)))
        {
            await Task.Delay(Pause, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        LogEnded(logger, _answers.Count + Unclaimed());
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>The answers in hand whose run still goes on.</summary>
    private int Unclaimed()
    {
        var held = paid.Uncommitted();
        return held.Count == 0 ? 0 : runs.List().Count(run => held.Contains(run.Metadata.Uid) && !Phases.IsTerminal(run.Status?.Phase));
    }

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "Stopping: waiting for {Count} model answers to be committed, and for the next attempts of {Unclaimed} runs to ask for theirs")]
    private static partial void LogWaiting(ILogger logger, int count, int unclaimed);

    [LoggerMessage(Level = LogLevel.Information, Message = "Stopping: no longer waiting for model answers; {Count} are given up")]
    private static partial void LogEnded(ILogger logger, int count);
}
