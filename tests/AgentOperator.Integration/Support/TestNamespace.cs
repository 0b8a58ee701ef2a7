using System.Text.Json;
using AgentOperator.Api;
using AgentOperator.ControlRuntime;
using AgentOperator.Journal;
using k8s;
using k8s.Autorest;

namespace AgentOperator.Integration.Support;

/// <summary>A namespace of one test.</summary>
public sealed class TestNamespace(string name) : IAsyncDisposable
{
    /// <summary>Its name.</summary>
    public string Name => name;

    /// <summary>Creates a run that nobody works on.</summary>
    internal async Task<RunIdentity> CreateRunAsync(string name = "run")
    {
        var spec = new { task = "x", model = new { endpointRef = new { name = "none" }, name = "none" } };
        var body = new { apiVersion = ApiConstants.ApiVersion, kind = ApiConstants.AgentRunKind, metadata = new { name }, spec };
        var created = JsonSerializer.SerializeToElement(await ControlPlane.Client.CustomObjects.CreateNamespacedCustomObjectAsync(
            body, ApiConstants.Group, ApiConstants.Version, Name, ApiConstants.AgentRunPlural));
        return new RunIdentity(Name, name, created.GetProperty("metadata").GetProperty("uid").GetString()!);
    }

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
