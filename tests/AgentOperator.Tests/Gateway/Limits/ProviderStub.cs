using AgentOperator.Gateway.Models;
using AgentOperator.Protocol;
using Microsoft.Extensions.Time.Testing;

namespace AgentOperator.Tests.Gateway.Limits;

/// <summary>A provider that answers as a test says, and notes at which time each call reached it.</summary>
internal sealed class ProviderStub(FakeTimeProvider time)
{
    private readonly DateTimeOffset _start = time.GetUtcNow();
    private readonly List<Task<ProviderOutcome>> _outcomes = [];
    private readonly List<double> _calls = [];

    public static ProviderOutcome Answer { get; } = new ProviderOutcome.Answered(new ModelAnswerPayload
    {
        Model = "m", Text = "the model's confidential words", ToolCalls = [], FinishReason = "stop", Usage = new TokenUsage(1, 1, 0),
    });

    /// <summary>The seconds at which calls came.</summary>
    public IReadOnlyList<double> Calls
    {
        get
        {
            lock (_calls)
            {
                return [.. _calls];
            }
        }
    }

    /// <summary>What the next calls get; the last one is for all that follow. Without any, all are answered.</summary>
    public ProviderStub Gives(params ProviderOutcome[] outcomes)
    {
        _outcomes.AddRange(outcomes.Select(Task.FromResult));
        return this;
    }

    /// <summary>The next call hangs until the test answers it, or its token is cancelled.</summary>
    public TaskCompletionSource<ProviderOutcome> Hangs()
    {
        var answer = new TaskCompletionSource<ProviderOutcome>();
        _outcomes.Add(answer.Task);
        return answer;
    }

    public Task<ProviderOutcome> CallAsync(CancellationToken cancellationToken)
    {
        int number;
        lock (_calls)
        {
            _calls.Add((time.GetUtcNow() - _start).TotalSeconds);
            number = _calls.Count - 1;
        }

        return _outcomes.Count == 0 ? Task.FromResult(Answer) : _outcomes[Math.Min(number, _outcomes.Count - 1)].WaitAsync(cancellationToken);
    }
}
