namespace AgentOperator.ControlRuntime;

/// <summary>The lease and its times, all resolved.</summary>
internal sealed record LeaderElectionSettings(
    ObjectKey Lease, string Identity, TimeSpan LeaseDuration, TimeSpan RenewDeadline, TimeSpan RetryPeriod);
