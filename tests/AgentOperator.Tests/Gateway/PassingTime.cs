using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;

namespace AgentOperator.Tests.Gateway;

/// <summary>A clock that goes on as soon as somebody waits for it, and stands still otherwise.</summary>
/// <param name="longest">Timers beyond it are limits that do not run out, not pauses; null makes every timer a pause.</param>
internal sealed class PassingTime(TimeSpan? longest = null) : FakeTimeProvider
{
    private readonly Channel<TimeSpan> _pauses = Channel.CreateUnbounded<TimeSpan>();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        if (longest is null || dueTime <= longest)
        {
            _pauses.Writer.TryWrite(dueTime);
        }

        return timer;
    }

    /// <summary>Lets all pauses pass until a task has ended.</summary>
    /// <returns>The pauses.</returns>
    public async Task<IReadOnlyList<TimeSpan>> PassAsync(Task task)
    {
        var passed = new List<TimeSpan>();
        while (!task.IsCompleted)
        {
            await Task.WhenAny(task, _pauses.Reader.WaitToReadAsync().AsTask());
            while (_pauses.Reader.TryRead(out var pause))
            {
                passed.Add(pause);
                Advance(pause);
            }
        }

        return passed;
    }
}
