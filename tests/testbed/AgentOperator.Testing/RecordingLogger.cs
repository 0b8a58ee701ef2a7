using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace AgentOperator.Testing;

/// <summary>Keeps each line of every level, with what its scopes say. Serves every category as a factory.</summary>
internal class RecordingLogger : ILoggerFactory, ILogger
{
    private readonly LoggerExternalScopeProvider _scopes = new();

    public ConcurrentQueue<(string Message, IReadOnlyDictionary<string, object> Scope)> Lines { get; } = new();

    public IEnumerable<string> Messages => Lines.Select(line => line.Message);

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider)
    {
    }

    public IDisposable BeginScope<TState>(TState state)
        where TState : notnull => _scopes.Push(state);

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        var scope = new Dictionary<string, object>();
        _scopes.ForEachScope(
            (values, all) =>
            {
                foreach (var (name, value) in values as IEnumerable<KeyValuePair<string, object>> ?? [])
                {
                    all[name] = value;
                }
            },
            scope);
        Lines.Enqueue((formatter(state, exception) + exception, scope));
    }

    public void Dispose()
    {
    }
}

/// <inheritdoc />
internal sealed class RecordingLogger<T> : RecordingLogger, ILogger<T>;
