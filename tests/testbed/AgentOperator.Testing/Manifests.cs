using System.Text.Json;

namespace AgentOperator.Testing;

/// <summary>Manifests for kubectl.</summary>
internal static class Manifests
{
    /// <summary>Name of the Secret with the scripted model's key, in each test's namespace.</summary>
    public const string KeySecret = "scripted";

    public static string Of(AgentRunSpec spec, string ns, string name) => JsonSerializer.Serialize(
        new AgentRun { Metadata = new() { Name = name, NamespaceProperty = ns }, Spec = spec }, ApiJson.Options);

    /// <summary>A namespace with the scripted model's endpoint and key.</summary>
    public static string Namespace(string ns) => $$"""
        apiVersion: v1
        kind: Namespace
        metadata: {name: {{ns}}, labels: {agentoperator-test: "true"} }
        ---
        apiVersion: v1
        kind: Secret
        metadata: {name: {{KeySecret}}, namespace: {{ns}} }
        type: {{ApiConstants.ModelKeySecretType}}
        stringData: {key: {{TestCluster.ModelKey}} }
        ---
        apiVersion: agentoperator.dev/v1alpha1
        kind: ModelEndpoint
        metadata: {name: {{Specs.Endpoint}}, namespace: {{ns}} }
        spec:
          baseUrl: {{ModelServer.BaseUrl}}
          apiKeySecretRef: {name: {{KeySecret}}, key: key}
          allowPlainHttp: true
        """;
}
