using AgentOperator.Protocol;
using AgentRunner.Conversations;
using AgentRunner.Gateway;

namespace AgentRunner.Exits;

/// <summary>How the process exits after a failure.</summary>
internal static class ExitRules
{
    /// <summary>The exit for an exception that ended the attempt.</summary>
    public static RunnerExit For(Exception exception) => exception switch
    {
        RunnerException stopped => stopped.Exit,
        DivergenceException divergence => new RunnerExit(RunnerExitCodes.Fenced, TerminationReasons.Diverged, divergence.Message),
        JournalDefectException defect => new RunnerExit(
            RunnerExitCodes.Fenced, defect.IsNewer ? TerminationReasons.NewerRecord : TerminationReasons.JournalBroken, defect.Message),
        GatewayException gateway => For(gateway),
        OutOfMemoryException => new RunnerExit(
            RunnerExitCodes.OutOfManagedMemory, TerminationReasons.OutOfManagedMemory, "The runner itself ran out of heap memory."),
        _ => new RunnerExit(
            RunnerExitCodes.InternalError, TerminationReasons.InternalError, $"Unexpected {exception.GetType().Name}: {exception.Message}"),
    };

    private static RunnerExit For(GatewayException exception) => exception.Code switch
    {
        ErrorCodes.RunFinished => new RunnerExit(RunnerExitCodes.Done, TerminationReasons.RunFinished, exception.Message),
        ErrorCodes.StaleEpoch => new RunnerExit(RunnerExitCodes.Fenced, TerminationReasons.StaleEpoch, exception.Message),
        ErrorCodes.JournalBroken => new RunnerExit(RunnerExitCodes.Fenced, TerminationReasons.JournalBroken, exception.Message),
        ErrorCodes.Unauthorized => new RunnerExit(RunnerExitCodes.Fenced, TerminationReasons.Unauthorized, exception.Message),
        ErrorCodes.NotARunner => new RunnerExit(RunnerExitCodes.Fenced, TerminationReasons.NotARunner, exception.Message),
        "" when exception.Status == 401 => new RunnerExit(RunnerExitCodes.Fenced, TerminationReasons.Unauthorized, exception.Message),
        ErrorCodes.ModelUnavailable => new RunnerExit(RunnerExitCodes.EndpointUnavailable, TerminationReasons.EndpointUnavailable, exception.Message),
        ErrorCodes.InternalError => new RunnerExit(RunnerExitCodes.Error, TerminationReasons.GatewayError, exception.Message),
        _ when exception.IsTransient => new RunnerExit(RunnerExitCodes.EndpointUnavailable, TerminationReasons.GatewayUnavailable, exception.Message),
        _ => new RunnerExit(
            RunnerExitCodes.Error, TerminationReasons.GatewayError,
            exception.Code.Length > 0 ? $"{exception.Code}: {exception.Message}" : exception.Message),
    };
}
