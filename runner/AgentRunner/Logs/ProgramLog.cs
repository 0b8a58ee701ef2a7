using Microsoft.Extensions.Logging;

namespace AgentRunner.Logs;

/// <summary>What the program itself logs.</summary>
internal static partial class ProgramLog
{
    [LoggerMessage(
        Level = LogLevel.Information, Message = "exiting with code {Code}: {Reason:l}: {Detail:l} (termination message written: {Written})")]
    public static partial void Exiting(ILogger logger, int code, string reason, string detail, bool written);
}
