namespace AgentOperator.ControlRuntime;

/// <summary>Runs work while this process leads.</summary>
internal interface ILeaderElection
{
    /// <summary>Waits for leadership, runs the work and gives leadership up. May be called again after it has ended.</summary>
    /// <param name="lead">
    /// The work. Its token is cancelled when the lease is lost. It ends by itself after a stop, and is not hurried: the lease is kept until it
    /// ended.
    /// </param>
    /// <param name="stop">Ends the waiting; the work has to watch it itself.</param>
    /// <returns>How it ended.</returns>
    Task<LeaderOutcome> RunAsync(Func<CancellationToken, Task> lead, CancellationToken stop);
}
