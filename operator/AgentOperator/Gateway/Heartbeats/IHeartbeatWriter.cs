using AgentOperator.Gateway.Identity;

namespace AgentOperator.Gateway.Heartbeats;

/// <summary>Records that a runner is alive where the reconciler, on whatever replica, sees it.</summary>
internal interface IHeartbeatWriter
{
    /// <param name="runner">Who is alive.</param>
    /// <param name="atMostEvery">A heartbeat sooner after the last recorded one is not recorded.</param>
    /// <param name="cancellationToken">Ends the write.</param>
    Task RecordAsync(RunnerIdentity runner, TimeSpan atMostEvery, CancellationToken cancellationToken);

    /// <summary>Records that the gateway is about to tell a runner to stop, so that its exit is known as one that was asked for.</summary>
    /// <param name="runner">Who is told.</param>
    /// <param name="reason">Why: <see cref="Api.Reasons.Suspended"/> or <see cref="Api.Reasons.Deleting"/>.</param>
    /// <param name="cancellationToken">Ends the write.</param>
    Task RecordStopAsync(RunnerIdentity runner, string reason, CancellationToken cancellationToken);
}
