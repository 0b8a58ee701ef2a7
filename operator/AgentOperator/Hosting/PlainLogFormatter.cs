using System.Globalization;
using AgentOperator.ControlRuntime;
using k8s.Autorest;
using Serilog.Events;
using Serilog.Formatting;

namespace AgentOperator.Hosting;

/// <summary>
/// Writes events of plain text and bounded length, since they quote what providers, clients and servers say: a log is read in a terminal, which takes
/// control characters for commands.
/// </summary>
/// <param name="inner">Formats an event.</param>
internal sealed class PlainLogFormatter(ITextFormatter inner) : ITextFormatter
{
    /// <summary>The most UTF-8 bytes of a property.</summary>
    public const int MaxTextBytes = 4096;

    /// <summary>The most UTF-8 bytes of an exception, with its stack.</summary>
    public const int MaxExceptionBytes = 16 * 1024;

    public void Format(LogEvent logEvent, TextWriter output)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        inner.Format(
            new LogEvent(
                logEvent.Timestamp,
                logEvent.Level,
                logEvent.Exception is { } exception ? new LoggedException(exception) : null,
                logEvent.MessageTemplate,
                logEvent.Properties.Select(property => new LogEventProperty(property.Key, Bound(property.Value))),
                logEvent.TraceId ?? default,
                logEvent.SpanId ?? default),
            text);
        output.Write(PlainText.Of(text.ToString()));
    }

    private static LogEventPropertyValue Bound(LogEventPropertyValue value) =>
        value is ScalarValue { Value: string text } ? new ScalarValue(TextLimit.Cut(text, MaxTextBytes)) : value;

    private sealed class LoggedException(Exception logged) : Exception
    {
        public override string ToString()
        {
            var text = logged.ToString();
            for (var exception = logged; exception is not null; exception = exception.InnerException)
            {
                if (exception is HttpOperationException refused)
                {
                    // Its message holds the whole answer of the API server, which may quote an object.
                    text = text.Replace(refused.Message, refused.Summary(), StringComparison.Ordinal);
                }
            }

            return TextLimit.Cut(text, MaxExceptionBytes);
        }
    }
}
