using System.Text.Json.Serialization;
using k8s.Models;

namespace AgentOperator.Journal;

/// <summary>The part of the response to a write that is read. The server returns PartialObjectMetadata or the whole object.</summary>
internal sealed class StoredMetadata
{
    [JsonPropertyName("metadata")]
    public required V1ObjectMeta Metadata { get; init; }
}
