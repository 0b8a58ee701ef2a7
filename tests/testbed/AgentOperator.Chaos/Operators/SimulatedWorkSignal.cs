using AgentOperator.Chaos.Engine;
using AgentOperator.ControlRuntime;

namespace AgentOperator.Chaos.Operators;

/// <summary>Wakes a replica's workers by events: what the thread pool does comes in no order that a seed could give.</summary>
internal sealed class SimulatedWorkSignal(Simulator simulator, SimulatedProcess process) : IWorkSignal
{
    private readonly Queue<TaskCompletionSource> _waiting = new();
    private int _keys;

    public Task WaitAsync()
    {
        if (_keys > 0)
        {
            _keys--;
            return Task.CompletedTask;
        }

        var woken = new TaskCompletionSource();
        _waiting.Enqueue(woken);
        return woken.Task;
    }

    public int Release()
    {
        if (_waiting.TryDequeue(out var worker))
        {
            simulator.After(TimeSpan.FromMilliseconds(1), process, null, worker.SetResult);
        }
        else
        {
            _keys++;
        }

        return _keys;
    }

    public void Dispose()
    {
    }
}
