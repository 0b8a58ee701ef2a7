namespace AgentOperator.ControlRuntime;

/// <summary>A <see cref="ChannelSource" /> as a controller sees it: always ready, since it has no cache.</summary>
internal sealed class ChannelControllerSource(ChannelSource channel, Func<IEnumerable<ObjectKey>> all) : IControllerSource
{
    public IDisposable Start(Action<ObjectKey, bool> enqueue) => channel.Start(enqueue, all);

    public Task WaitForSyncAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
