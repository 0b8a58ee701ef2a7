using System.Text.Json.Serialization;

namespace AgentOperator.ModelServer.Effects;

/// <summary>Something that a tool did to the outside world.</summary>
public sealed record Effect
{
    /// <summary>Number of the effect, from 1.</summary>
    [JsonPropertyName("n")]
    public required long Number { get; init; }

    /// <summary>When it happened.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>What was done, for instance <c>charge</c>.</summary>
    public required string Name { get; init; }

    /// <summary>What makes it one and the same effect; a second effect with the same name and key is a duplicate.</summary>
    public string? Key { get; init; }

    /// <summary>The run that did it, as the tool says.</summary>
    public string? Run { get; init; }

    /// <summary>Anything else the tool says.</summary>
    public string? Note { get; init; }
}
