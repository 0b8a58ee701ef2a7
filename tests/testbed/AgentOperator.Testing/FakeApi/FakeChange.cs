using System.Text.Json.Nodes;

namespace AgentOperator.Testing.FakeApi;

/// <summary>One line of a watch. A null namespace reaches the watches of all namespaces.</summary>
internal sealed record FakeChange(long Version, string Resource, string? Namespace, string Type, JsonObject Content);
