using System.Text.Json;

namespace AgentOperator.SimulatedNodes.Cluster;

/// <summary>One event of a watch.</summary>
/// <param name="Type">ADDED, MODIFIED, DELETED, BOOKMARK or ERROR.</param>
/// <param name="Object">The object as it is on the wire.</param>
internal sealed record Watched(string Type, JsonElement Object);
