using System.Security.Cryptography;
using System.Text;

namespace AgentOperator.ModelServer.Chat;

/// <summary>Whether a request carries the server's key.</summary>
internal sealed class ApiKeyCheck(ModelServerOptions options)
{
    private readonly byte[]? _expected = options.ApiKey is null ? null : Encoding.UTF8.GetBytes($"Bearer {options.ApiKey}");

    public bool Passes(HttpRequest request) =>
        _expected is null || CryptographicOperations.FixedTimeEquals(_expected, Encoding.UTF8.GetBytes(request.Headers.Authorization.ToString()));
}
