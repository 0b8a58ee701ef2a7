using AgentOperator.Protocol;
using AgentRunner.Conversations;
using AgentRunner.Gateway;

namespace AgentRunner.Exits;

/// <summary>How the process ends after a failure.</summary>
internal static class ExitRules
{
    /// <summary>The exit for an exception that ended the attempt.</summary>
    public static RunnerExit For(Exception exception) => exception switch
    {
        RunnerException stopped => stopped.Exit,
        DivergenceException divergence => new RunnerExit(RunnerExitCodes.Fenced, "Diverged", divergence.Message),
        JournalDefectException defect => new RunnerExit(RunnerExitCodes.Fenced, ErrorCodes.JournalBroken, defect.Message),
        GatewayException gateway => For(gateway),
        OutOfMemoryException => new RunnerExit(RunnerExitCodes.OutOfManagedMemory, "OutOfManagedMemory", "The runner's own heap was exhausted."),
        _ => new RunnerExit(RunnerExitCodes.Error, "Error", $"Unexpected {exception.GetType().Name}: {exception.Message}"),
    };

    private static RunnerExit For(GatewayException exception) => exception.Code switch
    {
        ErrorCodes.RunFinished => new RunnerExit(RunnerExitCodes.Done, ErrorCodes.RunFinished, exception.Message),
        ErrorCodes.StaleEpoch => new RunnerExit(RunnerExitCodes.Fenced, ErrorCodes.StaleEpoch, exception.Message),
        ErrorCodes.JournalBroken => new RunnerExit(RunnerExitCodes.Fenced, ErrorCodes.JournalBroken, exception.Message),
        ErrorCodes.Unauthorized or ErrorCodes.NotARunner => new RunnerExit(RunnerExitCodes.Fenced, exception.Code, exception.Message),
        "" when exception.Status == 401 => new RunnerExit(RunnerExitCodes.Fenced, ErrorCodes.Unauthorized, exception.Message),
        _ when exception.IsTransient => new RunnerExit(RunnerExitCodes.EndpointDown, "EndpointDown", exception.Message),
        _ => new RunnerExit(RunnerExitCodes.Error, exception.Code.Length > 0 ? exception.Code : "GatewayError", exception.Message),
    };
}
