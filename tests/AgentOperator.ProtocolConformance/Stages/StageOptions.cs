using AgentOperator.Api;

namespace AgentOperator.ProtocolConformance.Stages;

/// <summary>A run to put on a stage.</summary>
/// <param name="Scenario">What its model does.</param>
internal sealed record StageOptions(string Scenario)
{
    /// <summary>The effect of the shell; null for a run without tools.</summary>
    public ToolEffect? Shell { get; init; } = ToolEffect.Pure;

    public string Task { get; init; } = "the-task-that-nobody-may-tell";

    public string Instructions { get; init; } = "the-instructions-that-nobody-may-tell";

    public LimitsSpec Limits { get; init; } = new();

    /// <summary>A sixth of it is the interval of heartbeats, in whole seconds, from 1.</summary>
    public int HeartbeatTimeoutSeconds { get; init; } = 6;

    /// <summary>The host that the gateway's certificate is for.</summary>
    public string CertificateHost { get; init; } = "127.0.0.1";
}
