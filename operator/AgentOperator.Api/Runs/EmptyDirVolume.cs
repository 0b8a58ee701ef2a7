using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using AgentOperator.Api.Schema;

namespace AgentOperator.Api;

/// <summary>A directory that is empty at the start of each attempt.</summary>
public sealed record EmptyDirVolume
{
    /// <summary>Memory for a directory in memory, which counts against the pod's memory limit. Default: the node's disk.</summary>
    [AllowedValues("", "Memory")]
    public string? Medium { get; init; }

    /// <summary>The directory's maximum size. Default: no limit but the pod's own.</summary>
    [Quantity, JsonConverter(typeof(QuantityConverter))]
    public string? SizeLimit { get; init; }
}
