using System.Collections.Concurrent;

namespace AgentOperator.Gateway.Models;

/// <summary>
/// The answers that this replica is getting and committing. They are paid for, so a replica that stops waits for them, even if no runner listens.
/// </summary>
internal sealed partial class AnswersUnderWay(ILogger<AnswersUnderWay> logger) : IHostedService
{
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

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Waits for the answers under way. The token ends the wait after the shutdown timeout.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        var answers = _answers.Keys.ToArray();
        if (answers.Length == 0)
        {
            return;
        }

        LogWaiting(logger, answers.Length);
        await Task.WhenAll(answers).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        LogEnded(logger, answers.Count(answer => !answer.IsCompleted));
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Stopping: waiting for {Count} model answers to be committed")]
    private static partial void LogWaiting(ILogger logger, int count);

    [LoggerMessage(Level = LogLevel.Information, Message = "Stopping: no longer waiting for model answers; {Count} are given up")]
    private static partial void LogEnded(ILogger logger, int count);
}
