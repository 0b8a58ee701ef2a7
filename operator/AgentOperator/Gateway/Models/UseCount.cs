namespace AgentOperator.Gateway.Models;

/// <summary>Counts who uses something, and disposes it once it is retired and the last one has left.</summary>
/// <param name="dispose">Disposes it. Called once.</param>
internal sealed class UseCount(Action dispose)
{
    // The owner counts as one until it retires it.
    private int _holders = 1;

    /// <summary>Begins to use it; false if it was retired and is disposed. Each true must be followed by <see cref="Leave"/>.</summary>
    public bool TryEnter()
    {
        for (var holders = Volatile.Read(ref _holders); holders > 0; holders = Volatile.Read(ref _holders))
        {
            if (Interlocked.CompareExchange(ref _holders, holders + 1, holders) == holders)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Ends a use. The owner calls it once, when nobody new is to enter.</summary>
    public void Leave()
    {
        if (Interlocked.Decrement(ref _holders) == 0)
        {
            dispose();
        }
    }
}
