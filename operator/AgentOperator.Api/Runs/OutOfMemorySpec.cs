using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using AgentOperator.Api.Schema;

namespace AgentOperator.Api;

/// <summary>How much memory the next attempt gets after an OOM kill.</summary>
public sealed record OutOfMemorySpec
{
    /// <summary>The default of <see cref="MaxMemory"/>, as a multiple of the first attempt's memory limit.</summary>
    public const int DefaultMaxMemoryFactor = 4;

    /// <summary>The next attempt's memory limit, in percent of the last one: 150 adds half, 100 keeps it. Default: 150.</summary>
    [Range(100, 1000), Immutable]
    public int MemoryPercent { get; init; } = 150;

    /// <summary>
    /// The largest memory limit of an attempt, such as 4Gi; at least resources.limits.memory. Can be changed at any time. Raising it resumes a
    /// run that is waiting at the cap. Default: four times resources.limits.memory.
    /// </summary>
    [Quantity, JsonConverter(typeof(QuantityConverter))]
    public string? MaxMemory { get; init; }
}
