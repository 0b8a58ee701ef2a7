using AgentOperator.Chaos.Oracles;
using Microsoft.Extensions.Logging;

namespace AgentOperator.Chaos;

/// <summary>The gateway's log: an error in it is a defect, and a confidential word in any line a leak.</summary>
internal sealed class DefectLog(Findings findings) : ILoggerFactory, ILogger
{
    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider)
    {
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
        {
            findings.Add(FindingKind.Other, $"{formatter(state, exception)}: {exception}");
        }
    }

    public void Dispose()
    {
    }
}
