namespace AgentOperator.Protocol;

/// <summary>What a runner needs to know of its run: the answer to GET <see cref="Routes.Run"/>.</summary>
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

    /// <summary>The sequence of the journal's last record.</summary>
    public required long HeadSequence { get; init; }

    /// <summary>The gateway's time (UTC): what <see cref="Deadline"/> is compared with, since the runner's clock may be another.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>When the run ends whatever it does (UTC); null without a deadline.</summary>
    public DateTimeOffset? Deadline { get; init; }

    /// <summary>What the agent is to do.</summary>
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

    /// <summary>The journal's first page, when it was asked for (<see cref="Routes.RunWithJournal"/>); null otherwise.</summary>
    public JournalPage? Journal { get; init; }
}
