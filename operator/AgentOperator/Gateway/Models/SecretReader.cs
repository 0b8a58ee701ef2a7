using System.Text;
using AgentOperator.Caching;
using AgentOperator.ControlRuntime;
using k8s.Models;

namespace AgentOperator.Gateway.Models;

/// <summary>Secrets by name, remembered for half a minute, so that a rotated key is used soon. It lists and watches none.</summary>
internal sealed class SecretReader(IObjectClient<V1Secret> secrets, TimeProvider time) : ISecretReader
{
    private static readonly TimeSpan Remembered = TimeSpan.FromSeconds(30);
    private readonly ExpiringCache<(string Namespace, string Name, string Key), string> _values = new(1_000, time);

    public async Task<string?> ReadAsync(string namespaceName, string name, string key, CancellationToken cancellationToken)
    {
        var id = (namespaceName, name, key);
        if (_values.TryGet(id, out var known))
        {
            return known;
        }

        var secret = await secrets.GetAsync(new ObjectKey(namespaceName, name), cancellationToken);
        if (secret?.Data is not { } data || !data.TryGetValue(key, out var bytes))
        {
            return null;
        }

        // A trailing newline is the commonest slip when a Secret is made from a file, and no key holds one.
        var value = Encoding.UTF8.GetString(bytes).Trim();
        _values.Set(id, value, Remembered);
        return value;
    }
}
