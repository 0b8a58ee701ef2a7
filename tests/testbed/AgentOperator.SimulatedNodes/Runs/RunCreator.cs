using System.Globalization;
using System.Text.Json;
using AgentOperator.SimulatedNodes.Cluster;
using k8s.Models;

namespace AgentOperator.SimulatedNodes.Runs;

/// <summary>Creates runs, many at a time, as fast as the API server takes them.</summary>
internal static class RunCreator
{
    /// <summary>Name of the ModelEndpoint.</summary>
    public const string Endpoint = "scripted";

    private const int Parallel = 16;

    /// <summary>Makes the namespace and the endpoint that its runs use.</summary>
    public static Task PrepareAsync(LocalControlPlane plane, string namespaceName, Uri modelServer) => plane.ApplyAsync(
        $$"""
        apiVersion: v1
        kind: Namespace
        metadata: {name: {{namespaceName}}}
        ---
        apiVersion: {{ApiConstants.ApiVersion}}
        kind: {{ApiConstants.ModelEndpointKind}}
        metadata: {name: {{Endpoint}}, namespace: {{namespaceName}}}
        spec: {baseUrl: "{{new Uri(modelServer, "v1")}}"}
        """);

    /// <summary>Creates runs <c>PREFIX-0000</c> and on, which play a scenario of the scripted model.</summary>
    public static async Task CreateAsync(LocalControlPlane plane, string namespaceName, string prefix, int count, string scenario)
    {
        using var client = plane.CreateClient();
        var api = new ApiServer(client);
        var path = $"apis/{ApiConstants.Group}/{ApiConstants.Version}/namespaces/{namespaceName}/{ApiConstants.AgentRunPlural}";
        await ParallelTasks.RunAsync(
            count,
            Parallel,
            async number => await api.WriteAsync(
                HttpMethod.Post, path, JsonSerializer.SerializeToUtf8Bytes(Run(NameOf(prefix, number), scenario), ApiJson.Options),
                CancellationToken.None));
    }

    /// <summary>The name of a run by its number.</summary>
    public static string NameOf(string prefix, int number) => string.Create(CultureInfo.InvariantCulture, $"{prefix}-{number:0000}");

    private static AgentRun Run(string name, string scenario) => new()
    {
        Metadata = new V1ObjectMeta { Name = name },
        Spec = new AgentRunSpec
        {
            // The conversation's identity in the model's log.
            Task = $"Do what the script says, as {name}.",
            Model = new ModelSpec { EndpointRef = new LocalReference { Name = Endpoint }, Name = scenario },
            Tools = [new ToolSpec { Name = ToolSpec.Shell, Effect = ToolEffect.Pure }],
            Recovery = new RecoverySpec { BackoffSeconds = 1 },
        },
    };
}
