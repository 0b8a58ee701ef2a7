using AgentOperator.Hosting;
using Serilog;
using Serilog.Core;
using Serilog.Formatting.Compact;

namespace AgentRunner.Logs;

/// <summary>The runner's log on standard output.</summary>
internal static class RunnerLog
{
    /// <summary>Reads a format.</summary>
    /// <param name="value">The value of the environment variable; null or empty when it is not set.</param>
    /// <returns>Null when there is no such format.</returns>
    public static LogFormat? Parse(string? value) => value switch
    {
        null or "" or "text" => LogFormat.Text,
        "json" => LogFormat.Json,
        _ => null,
    };

    /// <summary>Creates the logger.</summary>
    public static Logger Create(LogFormat format) => new LoggerConfiguration()
        .WriteTo.Console(new PlainLogFormatter(format == LogFormat.Json ? new RenderedCompactJsonFormatter() : new TextLogFormatter()))
        .CreateLogger();
}
