using System.Text.Json.Serialization;

namespace AgentOperator.Protocol;

/// <summary>What a runner needs to know about its run: the answer to GET <see cref="Routes.Run"/>.</summary>
public sealed record RunDescription
{
    /// <summary>The run's name.</summary>
    public required string Name { get; init; }

    /// <summary>The run's namespace.</summary>
    public required string Namespace { get; init; }

    /// <summary>The run's UID.</summary>
    public required string Uid { get; init; }

    /// <summary>What step keys are derived from.</summary>
    public required string Lineage { get; init; }

    /// <summary>This attempt's epoch.</summary>
    public required int Epoch { get; init; }

    /// <summary>The run's metadata.generation; it grows with each change of the limits.</summary>
    public long Generation { get; init; }

    /// <summary>The sequence of the journal's last record.</summary>
    public required long HeadSequence { get; init; }

    /// <summary>The gateway's time (UTC). Compare <see cref="Deadline"/> with this time: the runner's clock may differ.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>When the run is ended if it has not ended by itself (UTC); null without a deadline.</summary>
    public DateTimeOffset? Deadline { get; init; }

    /// <summary>What of it can change while an attempt works.</summary>
    [JsonIgnore]
    public RunTerms Terms => new(Generation, Limits, Time, Deadline);

    /// <summary>The agent's task.</summary>
    public required string Task { get; init; }

    /// <summary>The system instructions.</summary>
    public string? Instructions { get; init; }

    /// <summary>The model's name and parameters.</summary>
    public required ModelParameters Model { get; init; }

    /// <summary>The tools that the agent may use.</summary>
    public IReadOnlyList<ToolDefinition> Tools { get; init; } = [];

    /// <summary>The run's limits.</summary>
    public required RunLimits Limits { get; init; }

    /// <summary>How often to send a heartbeat, in seconds.</summary>
    public required int HeartbeatSeconds { get; init; }

    /// <summary>The journal's first page, if requested (<see cref="Routes.RunWithJournal"/>); null otherwise.</summary>
    public JournalPage? Journal { get; init; }
}
