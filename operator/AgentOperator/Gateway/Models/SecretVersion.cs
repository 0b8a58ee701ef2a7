using System.Security.Cryptography;
using System.Text;

namespace AgentOperator.Gateway.Models;

/// <summary>The version of what an endpoint's Secrets hold.</summary>
internal static class SecretVersion
{
    /// <summary>The resource version of the only Secret, or a hash of several ones; null without any.</summary>
    /// <param name="secrets">Each Secret's name and resource version. A name may occur more than once.</param>
    public static string? Of(IReadOnlyList<KeyValuePair<string, string>> secrets)
    {
        var distinct = secrets.DistinctBy(secret => secret.Key).ToList();
        return distinct.Count <= 1
            ? distinct.Select(secret => secret.Value).FirstOrDefault()
            : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', distinct))));
    }
}
