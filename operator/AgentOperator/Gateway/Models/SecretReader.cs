using System.Text;
using AgentOperator.ControlRuntime;
using k8s.Models;
using Microsoft.Extensions.Caching.Memory;

namespace AgentOperator.Gateway.Models;

/// <summary>Secrets by name, remembered for half a minute, so that a rotated key is used soon. It lists and watches none.</summary>
internal sealed class SecretReader(IObjectClient<V1Secret> secrets) : ISecretReader, IDisposable
{
    private static readonly TimeSpan Remembered = TimeSpan.FromSeconds(30);
    private readonly MemoryCache _values = new(new MemoryCacheOptions { SizeLimit = 1_000 });

    public async Task<SecretValue> ReadAsync(string namespaceName, string name, string key, bool isFresh, CancellationToken cancellationToken)
    {
        var id = (namespaceName, name, key);
        if (!isFresh && _values.TryGetValue(id, out SecretValue? known) && known is not null)
        {
            return known;
        }

        var secret = await secrets.GetAsync(new ObjectKey(namespaceName, name), cancellationToken);
        var version = secret?.Metadata.ResourceVersion ?? "";
        if (secret?.Data is not { } data || !data.TryGetValue(key, out var bytes))
        {
            _values.Remove(id);
            return new SecretValue(null, version);
        }

        // A trailing newline is the commonest slip when a Secret is made from a file, and no key holds one.
        var value = new SecretValue(Encoding.UTF8.GetString(bytes).Trim(), version);
        return _values.Set(id, value, new MemoryCacheEntryOptions { Size = 1, AbsoluteExpirationRelativeToNow = Remembered });
    }

    public void Dispose() => _values.Dispose();
}
