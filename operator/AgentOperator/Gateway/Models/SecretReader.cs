using System.Text;
using AgentOperator.Api;
using AgentOperator.Caching;
using AgentOperator.ControlRuntime;
using k8s.Models;

namespace AgentOperator.Gateway.Models;

/// <summary>Secrets by name, remembered for half a minute, so that a rotated key is used soon. It lists and watches none.</summary>
internal sealed class SecretReader(IObjectClient<V1Secret> secrets, TimeProvider time) : ISecretReader
{
    /// <summary>The version of a Secret that does not exist. Not empty: older API servers take an empty string in an apply for null.</summary>
    private const string NoVersion = "none";

    private static readonly TimeSpan Remembered = TimeSpan.FromSeconds(30);
    private readonly ExpiringCache<(string Namespace, string Name, string Key), SecretValue> _values = new(1_000, time);

    public async Task<SecretValue> ReadAsync(string namespaceName, string name, string key, bool isFresh, CancellationToken cancellationToken)
    {
        var id = (namespaceName, name, key);
        if (!isFresh && _values.TryGet(id, out var known))
        {
            return known;
        }

        var secret = await secrets.GetAsync(new ObjectKey(namespaceName, name), cancellationToken);
        if (secret is null)
        {
            return new SecretValue(null, NoVersion, Mark: null);
        }

        var (version, mark) = (secret.Metadata.ResourceVersion ?? "", MarkOf(secret));
        if (secret.Data is not { } data || !data.TryGetValue(key, out var bytes))
        {
            return new SecretValue(null, version, mark);
        }

        // A trailing newline is the commonest slip when a Secret is made from a file, and no key holds one.
        var value = new SecretValue(Encoding.UTF8.GetString(bytes).Trim(), version, mark);
        _values.Set(id, value, Remembered);
        return value;
    }

    private static SecretMark MarkOf(V1Secret secret)
    {
        string? hosts = null;
        secret.Metadata.Annotations?.TryGetValue(Annotations.EndpointHost, out hosts);
        return new SecretMark(secret.Type, hosts);
    }
}
