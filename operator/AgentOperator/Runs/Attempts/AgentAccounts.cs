using System.Collections.Concurrent;
using AgentOperator.Api;
using AgentOperator.ControlRuntime;
using k8s.Autorest;
using k8s.Models;

namespace AgentOperator.Runs.Attempts;

/// <summary>Makes the ServiceAccount of a namespace's agents, before their first pod. One that is there already is used as it is. ADR 37.</summary>
internal sealed class AgentAccounts(IObjectClient<V1ServiceAccount> accounts)
{
    private readonly ConcurrentDictionary<string, bool> _made = new();

    /// <summary>Makes the account, unless this process knows that it is there.</summary>
    /// <exception cref="HttpOperationException">The API server rejects it.</exception>
    public async Task EnsureAsync(string namespaceName, CancellationToken cancellationToken)
    {
        if (_made.ContainsKey(namespaceName))
        {
            return;
        }

        var account = new V1ServiceAccount
        {
            Metadata = new V1ObjectMeta
            {
                Name = AgentAccount.Name,
                NamespaceProperty = namespaceName,
                Labels = new Dictionary<string, string> { [Labels.ManagedBy] = Labels.ManagedByValue },
            },
            AutomountServiceAccountToken = false,
        };
        try
        {
            await accounts.CreateAsync(account, cancellationToken);
        }
        catch (HttpOperationException exception) when (exception.IsAlreadyExists())
        {
            // By another process, or by a person who gave it image pull Secrets.
        }

        _made[namespaceName] = true;
    }

    /// <summary>Forgets that the account is there: the API server rejected a pod that names it.</summary>
    public void Forget(string namespaceName) => _made.TryRemove(namespaceName, out _);
}
