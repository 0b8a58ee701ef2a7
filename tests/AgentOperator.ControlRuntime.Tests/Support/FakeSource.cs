namespace AgentOperator.ControlRuntime.Tests.Support;

/// <summary>A source that a test drives by hand.</summary>
internal sealed class FakeSource : IControllerSource
{
    private readonly TaskCompletionSource _synced = new();
    private Action<ObjectKey, bool>? _enqueue;

    public bool IsStarted => _enqueue is not null;

    public IDisposable Start(Action<ObjectKey, bool> enqueue)
    {
        _enqueue = enqueue;
        return new Ending(() => _enqueue = null);
    }

    public Task WaitForSyncAsync(CancellationToken cancellationToken) => _synced.Task.WaitAsync(cancellationToken);

    public void Sync() => _synced.TrySetResult();

    public void Change(string name) => _enqueue!(new ObjectKey("default", name), false);

    private sealed class Ending(Action end) : IDisposable
    {
        public void Dispose() => end();
    }
}
