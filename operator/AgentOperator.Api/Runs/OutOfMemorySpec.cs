using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using AgentOperator.Api.Schema;

namespace AgentOperator.Api;

/// <summary>How much memory the next attempt gets after a pod was killed for memory.</summary>
public sealed record OutOfMemorySpec
{
    /// <summary>How <see cref="MaxMemory"/> follows from the first attempt's memory limit when it is not given.</summary>
    public const int DefaultMaxMemoryFactor = 4;

    /// <summary>The next attempt's memory limit in percent of the last one's: 150 is half as much again, 100 keeps it. Default: 150.</summary>
    [Range(100, 1000), Immutable]
    public int MemoryPercent { get; init; } = 150;

    /// <summary>
    /// The most memory that an attempt gets, such as 4Gi; at least resources.limits.memory. It can be changed while the run works, and a run
    /// that waits at the cap goes on when it is raised. Default: four times resources.limits.memory.
    /// </summary>
    [Quantity, JsonConverter(typeof(QuantityConverter))]
    public string? MaxMemory { get; init; }
}
