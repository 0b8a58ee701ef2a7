using AgentOperator.Api;
using AgentOperator.ControlRuntime;

namespace AgentOperator.Gateway.Models;

/// <summary>
/// The ways to the model providers: one HTTP handler for each ModelEndpoint, since each has its own authorities and proxy. It is replaced when those
/// change, and disposed when its last call has ended.
/// </summary>
/// <param name="connect">Makes a handler.</param>
internal sealed class ProviderTransport(Func<ConnectionSettings, HttpMessageInvoker> connect) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<ObjectKey, Connection> _connections = [];

    /// <summary>One handler for all endpoints, whatever their settings. It is the caller's to dispose.</summary>
    public ProviderTransport(HttpMessageHandler handler)
        : this(_ => new HttpMessageInvoker(handler, disposeHandler: false))
    {
    }

    /// <summary>How many endpoints have a handler.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _connections.Count;
            }
        }
    }

    /// <summary>The transport as it is delivered.</summary>
    /// <param name="allowLinkLocal">Whether link-local and metadata addresses may be connected to.</param>
    public static ProviderTransport Create(bool allowLinkLocal = false) => new(settings => ProviderHandler.Create(settings, allowLinkLocal));

    /// <summary>The endpoint's handler, as its spec is now.</summary>
    public ConnectionLease Rent(ModelEndpoint endpoint)
    {
        var (key, settings) = (ObjectKey.Of(endpoint), ConnectionSettings.Of(endpoint));
        lock (_lock)
        {
            var known = _connections.GetValueOrDefault(key);
            if (known?.Settings != settings)
            {
                var made = new Connection(settings, connect(settings));
                _connections[key] = made;
                known?.Uses.Leave();
                known = made;
            }

            // Always possible: it is retired under the same lock.
            known.Uses.TryEnter();
            return new ConnectionLease(known.Http, known.Uses);
        }
    }

    /// <summary>Forgets the endpoints that are there no longer.</summary>
    public void Forget(Func<ObjectKey, bool> isThere)
    {
        lock (_lock)
        {
            foreach (var key in _connections.Keys.Where(key => !isThere(key)).ToList())
            {
                _connections.Remove(key, out var connection);
                connection!.Uses.Leave();
            }
        }
    }

    public void Dispose() => Forget(static _ => false);

    private sealed record Connection(ConnectionSettings Settings, HttpMessageInvoker Http)
    {
        public UseCount Uses { get; } = new(Http.Dispose);
    }
}
