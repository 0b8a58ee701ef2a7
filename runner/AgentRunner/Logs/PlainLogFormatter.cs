using System.Globalization;
using AgentOperator.ControlRuntime;
using Serilog.Events;
using Serilog.Formatting;

namespace AgentRunner.Logs;

/// <summary>
/// Writes events of plain text and bounded length, since they quote what servers and models say: a log is read in a terminal, which takes control
/// characters for commands.
/// </summary>
/// <param name="inner">Formats an event.</param>
internal sealed class PlainLogFormatter(ITextFormatter inner) : ITextFormatter
{
    /// <summary>The most UTF-8 bytes of a property.</summary>
    public const int MaxTextBytes = 4096;

    /// <summary>The most UTF-8 bytes of an exception, with its stack.</summary>
    public const int MaxExceptionBytes = 16 * 1024;

    /// <inheritdoc/>
    public void Format(LogEvent logEvent, TextWriter output)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        inner.Format(
            new LogEvent(
                logEvent.Timestamp,
                logEvent.Level,
                logEvent.Exception is { } exception ? new LoggedException(exception) : null,
                logEvent.MessageTemplate,
                logEvent.Properties.Select(property => new LogEventProperty(property.Key, Bound(property.Value)))),
            text);
        output.Write(PlainText.Of(text.ToString()));
    }

    private static LogEventPropertyValue Bound(LogEventPropertyValue value) =>
        value is ScalarValue { Value: string text } ? new ScalarValue(TextLimit.Cut(text, MaxTextBytes)) : value;

    private sealed class LoggedException(Exception logged) : Exception
    {
        public override string ToString() => TextLimit.Cut(logged.ToString(), MaxExceptionBytes);
    }
}
