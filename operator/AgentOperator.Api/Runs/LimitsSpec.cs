using System.ComponentModel.DataAnnotations;
using AgentOperator.Api.Schema;

namespace AgentOperator.Api;

/// <summary>How much a run may use. Each limit can be raised while the run works, never lowered.</summary>
public sealed record LimitsSpec
{
    /// <summary>The most model calls. Default: 100.</summary>
    [Range(1, 100000), OnlyUp]
    public int MaxSteps { get; init; } = 100;

    /// <summary>The most prompt and completion tokens, all model calls together; overshot by one call at most. Default: no limit.</summary>
    [Range(1, 1000000000000), OnlyUp]
    public long? MaxTokens { get; init; }

    /// <summary>Seconds after the run's start at which it fails, suspended time included. Default: no limit.</summary>
    [Range(1, 315360000), OnlyUp]
    public int? ActiveDeadlineSeconds { get; init; }

    /// <summary>Seconds that one model call or tool call may take. Default: 300.</summary>
    [Range(1, 86400), OnlyUp]
    public int StepTimeoutSeconds { get; init; } = 300;

    /// <summary>Bytes that are kept of one tool call's output; the middle of a longer one is cut out. Default: 32768.</summary>
    [Range(1024, 262144), OnlyUp]
    public int MaxToolOutputBytes { get; init; } = 32768;

    /// <summary>Bytes of conversation that are sent to the model; beyond it old tool results are shortened. Default: 262144.</summary>
    [Range(8192, 16777216), OnlyUp]
    public int MaxContextBytes { get; init; } = 262144;
}
