namespace AgentRunner.Exits;

/// <summary>The attempt cannot continue. Says how the process exits.</summary>
internal sealed class RunnerException(RunnerExit exit, Exception? inner = null) : Exception(exit.Message, inner)
{
    public RunnerException(int code, string reason, string message, Exception? inner = null)
        : this(new RunnerExit(code, reason, message), inner)
    {
    }

    /// <summary>How the process ends.</summary>
    public RunnerExit Exit { get; } = exit;
}
