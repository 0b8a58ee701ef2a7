namespace AgentRunner.Loop;

/// <summary>What the runner is doing, for heartbeats; written by the loop and read beside it.</summary>
internal sealed class Progress
{
    private volatile Report _current = new(0, "starting");

    /// <summary>The last report.</summary>
    public Report Current => _current;

    /// <summary>Replaces the report.</summary>
    /// <param name="step">How many model answers are worked through.</param>
    /// <param name="message">A few words; never prompt text.</param>
    public void Set(int step, string message) => _current = new Report(step, message);

    /// <summary>A report.</summary>
    internal sealed record Report(int Step, string Message);
}
