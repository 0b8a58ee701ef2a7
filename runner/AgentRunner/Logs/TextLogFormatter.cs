using System.Globalization;
using Serilog.Events;
using Serilog.Formatting;

namespace AgentRunner.Logs;

/// <summary>Writes an event as one line for people; an exception follows on lines of its own.</summary>
internal sealed class TextLogFormatter : ITextFormatter
{
    /// <inheritdoc/>
    public void Format(LogEvent logEvent, TextWriter output)
    {
        output.Write(logEvent.Timestamp.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z' ", CultureInfo.InvariantCulture));
        output.Write(Name(logEvent.Level));
        output.Write(' ');

        // Messages quote what providers and servers say, which may hold line breaks: an event stays on its line.
        output.WriteLine(logEvent.RenderMessage(CultureInfo.InvariantCulture).ReplaceLineEndings(" "));
        if (logEvent.Exception is { } exception)
        {
            output.WriteLine(exception);
        }
    }

    private static string Name(LogEventLevel level) => level switch
    {
        LogEventLevel.Verbose or LogEventLevel.Debug => "DEBUG",
        LogEventLevel.Information => "INFO ",
        LogEventLevel.Warning => "WARN ",
        _ => "ERROR",
    };
}
