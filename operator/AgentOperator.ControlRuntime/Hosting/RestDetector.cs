namespace AgentOperator.ControlRuntime;

/// <summary>Tells when a process has come to rest after work, by how much it allocates between two looks.</summary>
internal sealed class RestDetector
{
    /// <summary>Between two looks less than this is rest: leases, probes and metrics allocate too.</summary>
    public const long Quiet = 1024 * 1024;

    /// <summary>Since the last rest less than this was no work.</summary>
    public const long Work = 8 * Quiet;

    private long _seen;
    private long _rested;

    /// <summary>Looks.</summary>
    /// <param name="allocated">All bytes that the process has allocated so far.</param>
    /// <returns>Whether it rests, for the first time since it worked.</returns>
    public bool HasCome(long allocated)
    {
        var quiet = allocated - _seen < Quiet;
        _seen = allocated;
        if (!quiet || allocated - _rested < Work)
        {
            return false;
        }

        _rested = allocated;
        return true;
    }
}
