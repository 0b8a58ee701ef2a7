using System.Text.Json;

namespace AgentOperator.Testing;

/// <summary>Manifests for kubectl.</summary>
internal static class Manifests
{
    public static string Of(AgentRunSpec spec, string ns, string name) => JsonSerializer.Serialize(
        new AgentRun { Metadata = new() { Name = name, NamespaceProperty = ns }, Spec = spec }, ApiJson.Options);
}
