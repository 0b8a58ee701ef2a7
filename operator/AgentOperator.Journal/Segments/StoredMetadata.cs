using System.Text.Json.Serialization;
using k8s.Models;

namespace AgentOperator.Journal;

/// <summary>The part of a written object that is read from the answer: a PartialObjectMetadata, or the object itself.</summary>
internal sealed class StoredMetadata
{
    [JsonPropertyName("metadata")]
    public required V1ObjectMeta Metadata { get; init; }
}
