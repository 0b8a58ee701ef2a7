using AgentOperator.ControlRuntime;
using k8s;
using k8s.Autorest;

namespace AgentOperator.Integration.Support;

/// <summary>A namespace of one test.</summary>
public sealed class TestNamespace(string name) : IAsyncDisposable
{
    /// <summary>Its name.</summary>
    public string Name => name;

    /// <summary>Starts the deletion and does not wait for its end.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await ControlPlane.Client.CoreV1.DeleteNamespaceAsync(name);
        }
        catch (HttpOperationException exception) when (exception.IsNotFound())
        {
            // The test deleted it.
        }
    }
}
