namespace AgentOperator.Api;

/// <summary>Values of <see cref="AgentRunStatus.Phase"/>. Strings, so that clients tolerate values of later versions.</summary>
public static class Phases
{
    /// <summary>The first attempt cannot start yet; <see cref="AgentRunStatus.WaitingFor"/> says why.</summary>
    public const string Pending = "Pending";

    /// <summary>The first pod is starting.</summary>
    public const string Queued = "Queued";

    /// <summary>A pod is working on the run.</summary>
    public const string Running = "Running";

    /// <summary>Waiting for something to pass or for someone to act; <see cref="AgentRunStatus.WaitingFor"/> says what is needed.</summary>
    public const string Waiting = "Waiting";

    /// <summary>Stopped by <see cref="AgentRunSpec.Suspend"/>. The journal is kept.</summary>
    public const string Suspended = "Suspended";

    /// <summary>The last attempt was lost; the next one is starting.</summary>
    public const string Recovering = "Recovering";

    /// <summary>The agent gave its final answer.</summary>
    public const string Succeeded = "Succeeded";

    /// <summary>The run ended without a final answer.</summary>
    public const string Failed = "Failed";

    /// <summary>Whether the phase is final.</summary>
    public static bool IsTerminal(string? phase) => phase is Succeeded or Failed;
}
