namespace AgentOperator.SimulatedNodes.Pods;

/// <summary>A container's life.</summary>
/// <param name="off">The node's power.</param>
internal sealed class Container(CancellationToken off)
{
    // Not disposed: it holds no timer, and the end may come at any time.
    private readonly CancellationTokenSource _kill = CancellationTokenSource.CreateLinkedTokenSource(off);

    private bool _isEnding;

    /// <summary>Completes when nothing of it runs any more.</summary>
    public Task Ended { get; private set; } = Task.CompletedTask;

    /// <summary>Is cancelled when the container has to end.</summary>
    public CancellationToken Killed => _kill.Token;

    public bool IsKilled => _kill.IsCancellationRequested;

    /// <summary>Starts it.</summary>
    public void Start(Func<Task> run) => Ended = Task.Run(run, CancellationToken.None);

    /// <summary>Kills it.</summary>
    public void Kill() => _kill.Cancel();

    /// <summary>Kills it, and then does what follows its end; asked again, nothing.</summary>
    public void End(Func<Task> afterwards)
    {
        if (_isEnding)
        {
            return;
        }

        _isEnding = true;
        Kill();
        var ended = Ended;
        Ended = Task.Run(
            async () =>
            {
                await ended;
                await afterwards();
            },
            CancellationToken.None);
    }
}
