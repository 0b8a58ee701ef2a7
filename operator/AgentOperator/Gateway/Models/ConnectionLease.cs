namespace AgentOperator.Gateway.Models;

/// <summary>The right to use an endpoint's connections, until it is disposed.</summary>
internal sealed class ConnectionLease(HttpMessageInvoker http, UseCount uses) : IDisposable
{
    public HttpMessageInvoker Http { get; } = http;

    public void Dispose() => uses.Leave();
}
