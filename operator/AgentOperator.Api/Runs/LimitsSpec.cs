using System.ComponentModel.DataAnnotations;
using AgentOperator.Api.Schema;

namespace AgentOperator.Api;

/// <summary>A run's limits. They can be changed at any time, but only maxContextBytes can be lowered.</summary>
public sealed record LimitsSpec
{
    /// <summary>Maximum model answers. Calls without a usable answer count in maxTokens only. Default: 100.</summary>
    [Range(1, 100000), OnlyUp]
    public int MaxSteps { get; init; } = 100;

    /// <summary>
    /// Maximum prompt and completion tokens across all model calls, also those that brought no usable answer. Can be exceeded by at most one call.
    /// Default: no limit.
    /// </summary>
    [Range(1, 1000000000000), OnlyUp]
    public long? MaxTokens { get; init; }

    /// <summary>Seconds after its start at which the run fails. Includes time spent suspended. Default: no limit.</summary>
    [Range(1, 315360000), OnlyUp]
    public int? ActiveDeadlineSeconds { get; init; }

    /// <summary>Timeout of one model call or tool call, in seconds. Default: 300.</summary>
    [Range(1, 86400), OnlyUp]
    public int StepTimeoutSeconds { get; init; } = 300;

    /// <summary>Maximum bytes kept of one tool call's output. Longer output is cut in the middle. Default: 32768.</summary>
    [Range(1024, 262144), OnlyUp]
    public int MaxToolOutputBytes { get; init; } = 32768;

    /// <summary>
    /// Maximum bytes of conversation sent to the model. Beyond it, old tool results are shortened. Can be lowered, too. Default: 262144.
    /// </summary>
    [Range(8192, 16777216)]
    public int MaxContextBytes { get; init; } = 262144;

    /// <summary>
    /// Maximum bytes of the run's journal, before compression. When the agent's next records do not fit, the run fails. One model answer can exceed
    /// it. Default: 67108864.
    /// </summary>
    [Range(1048576, 1099511627776), OnlyUp]
    public long MaxJournalBytes { get; init; } = 67108864;
}
