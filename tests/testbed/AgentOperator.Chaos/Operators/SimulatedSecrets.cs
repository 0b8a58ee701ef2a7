using AgentOperator.Gateway.Models;

namespace AgentOperator.Chaos.Operators;

internal sealed class SimulatedSecrets(ApiConnection api, string value) : ISecretReader
{
    public Task<SecretValue> ReadAsync(string namespaceName, string name, string key, bool isFresh, CancellationToken cancellationToken) =>
        api.ReadAsync($"read secret {name}", () => new SecretValue(value, "1"), cancellationToken);
}
