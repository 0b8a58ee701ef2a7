namespace AgentOperator.Api;

/// <summary>Values of <see cref="AgentRunStatus.Phase"/>: strings, so that a reader survives a value of a later version.</summary>
public static class Phases
{
    /// <summary>Seen, not started.</summary>
    public const string Pending = "Pending";

    /// <summary>Waits for its turn.</summary>
    public const string Queued = "Queued";

    /// <summary>A pod works on it.</summary>
    public const string Running = "Running";

    /// <summary>Waits for something outside the run; <see cref="AgentRunStatus.WaitingFor"/> says what.</summary>
    public const string Waiting = "Waiting";

    /// <summary>Stopped by <see cref="AgentRunSpec.Suspend"/>; its state stays.</summary>
    public const string Suspended = "Suspended";

    /// <summary>The last attempt was lost; the next one is on its way.</summary>
    public const string Recovering = "Recovering";

    /// <summary>The agent gave its final answer.</summary>
    public const string Succeeded = "Succeeded";

    /// <summary>The run ended without a final answer.</summary>
    public const string Failed = "Failed";

    /// <summary>Whether a run in this phase stays in it for ever.</summary>
    public static bool IsTerminal(string? phase) => phase is Succeeded or Failed;
}
