using AgentOperator.Protocol;

namespace AgentRunner.Gateway;

/// <summary>The gateway's routes except the model's. Transient failures are retried inside.</summary>
/// <remarks>Throws <see cref="GatewayException"/>.</remarks>
internal interface IGateway
{
    /// <summary>What this attempt is to do, with the first page of the journal.</summary>
    Task<RunDescription> GetRunAsync(CancellationToken cancellationToken);

    /// <summary>The run's limits and deadline as they are now.</summary>
    Task<RunTerms> GetTermsAsync(CancellationToken cancellationToken);

    /// <summary>The records after a sequence, or the first page of them.</summary>
    Task<JournalPage> ReadJournalAsync(long after, CancellationToken cancellationToken);

    /// <summary>Commits records. Idempotent: repeating a request returns the first answer.</summary>
    Task<AppendResponse> AppendAsync(AppendRequest request, CancellationToken cancellationToken);

    /// <summary>Sends a heartbeat. Not retried, since the next one follows.</summary>
    Task<HeartbeatResponse> HeartbeatAsync(HeartbeatRequest request, CancellationToken cancellationToken);

    /// <summary>Commits the run's end.</summary>
    Task<AppendResponse> FinishAsync(ResultRequest request, CancellationToken cancellationToken);
}
