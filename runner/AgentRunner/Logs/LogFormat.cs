namespace AgentRunner.Logs;

/// <summary>How the runner writes its log.</summary>
internal enum LogFormat
{
    /// <summary>A line for people: time in UTC, level, message.</summary>
    Text,

    /// <summary>A JSON object per line, in Serilog's compact format with the rendered message in <c>@m</c>.</summary>
    Json,
}
