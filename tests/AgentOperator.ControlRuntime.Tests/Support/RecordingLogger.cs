using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace AgentOperator.ControlRuntime.Tests.Support;

/// <summary>Keeps each line with what its scopes say.</summary>
internal sealed class RecordingLogger<T> : ILogger<T>
{
    private readonly LoggerExternalScopeProvider _scopes = new();

    public ConcurrentQueue<(string Message, IReadOnlyDictionary<string, object> Scope)> Lines { get; } = new();

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
        Lines.Enqueue((formatter(state, exception), scope));
    }
}
