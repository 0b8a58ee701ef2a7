using AgentOperator.Chaos.Agents;
using AgentOperator.Chaos.Judging;
using AgentOperator.Chaos.Oracles;
using AgentOperator.Journal;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using k8s.Autorest;

namespace AgentOperator.Chaos;

/// <summary>The operator's log: an error in it that no fault explains is a defect, and a confidential word in any line a leak (I7).</summary>
internal sealed class DefectLog(Findings findings) : ILoggerFactory, ILogger
{
    public ILogger CreateLogger(string categoryName) =>
        categoryName.StartsWith("AgentOperator.", StringComparison.Ordinal) ? this : NullLogger.Instance;

    public void AddProvider(ILoggerProvider provider)
    {
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        var line = $"{formatter(state, exception)}: {exception?.Message}";
        if (logLevel >= LogLevel.Error && exception is not (null or HttpOperationException or HttpRequestException or JournalException))
        {
            findings.Add(FindingKind.Other, "the log", $"{line}: {exception}");
        }
        else if (line.Contains(AgentProgram.Secret, StringComparison.Ordinal))
        {
            findings.Add(FindingKind.Other, "the log", $"tells what is confidential: {line}");
        }
    }

    public void Dispose()
    {
    }
}
