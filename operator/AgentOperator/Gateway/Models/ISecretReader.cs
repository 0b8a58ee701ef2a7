namespace AgentOperator.Gateway.Models;

/// <summary>Reads one key of a Secret.</summary>
internal interface ISecretReader
{
    /// <summary>The value, or null when the Secret or the key is missing.</summary>
    Task<string?> ReadAsync(string namespaceName, string name, string key, CancellationToken cancellationToken);
}
