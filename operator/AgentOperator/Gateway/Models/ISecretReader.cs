namespace AgentOperator.Gateway.Models;

/// <summary>Reads one key of a Secret.</summary>
internal interface ISecretReader
{
    /// <summary>Reads the value.</summary>
    /// <param name="namespaceName">The Secret's namespace.</param>
    /// <param name="name">The Secret's name.</param>
    /// <param name="key">The key in its data.</param>
    /// <param name="isFresh">Whether to ask the API server. Otherwise the value may be half a minute old.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    Task<SecretValue> ReadAsync(string namespaceName, string name, string key, bool isFresh, CancellationToken cancellationToken);
}
