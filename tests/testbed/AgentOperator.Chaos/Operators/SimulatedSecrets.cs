using AgentOperator.Gateway.Models;

namespace AgentOperator.Chaos.Operators;

internal sealed class SimulatedSecrets(ApiConnection api, string value) : ISecretReader
{
    public Task<string?> ReadAsync(string namespaceName, string name, string key, CancellationToken cancellationToken) =>
        api.ReadAsync<string?>($"read secret {name}", () => value, cancellationToken);
}
