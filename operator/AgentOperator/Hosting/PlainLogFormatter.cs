using System.Globalization;
using AgentOperator.ControlRuntime;
using Serilog.Events;
using Serilog.Formatting;

namespace AgentOperator.Hosting;

/// <summary>
/// Writes events of plain text and bounded length, since they quote what providers, clients and servers say: a log is read in a terminal, which takes
/// control characters for commands.
/// </summary>
/// <param name="inner">Formats an event.</param>
/// <param name="describe">The text of an exception; null for its own.</param>
internal sealed class PlainLogFormatter(ITextFormatter inner, Func<Exception, string>? describe = null) : ITextFormatter
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
                logEvent.Exception is { } exception ? new LoggedException(describe?.Invoke(exception) ?? exception.ToString()) : null,
                logEvent.MessageTemplate,
                logEvent.Properties.Select(property => new LogEventProperty(property.Key, Bound(property.Value))),
                logEvent.TraceId ?? default,
                logEvent.SpanId ?? default),
            text);
        output.Write(PlainText.Of(text.ToString()));
    }

    private static LogEventPropertyValue Bound(LogEventPropertyValue value) =>
        value is ScalarValue { Value: string text } ? new ScalarValue(TextLimit.Cut(text, MaxTextBytes)) : value;

    private sealed class LoggedException(string text) : Exception
    {
        public override string ToString() => TextLimit.Cut(text, MaxExceptionBytes);
    }
}
