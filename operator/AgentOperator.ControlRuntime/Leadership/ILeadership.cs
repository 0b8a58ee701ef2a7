namespace AgentOperator.ControlRuntime;

/// <summary>Whether this process is the one that reconciles.</summary>
public interface ILeadership
{
    /// <summary>
    /// True while this process holds a lease that cannot have expired yet by its own clock. It turns false by time alone, so a process that was
    /// frozen does not believe that it still leads.
    /// </summary>
    bool IsLeader { get; }

    /// <summary>This process in the Lease's <c>holderIdentity</c>.</summary>
    string Identity { get; }

    /// <summary>The last seen holder's identity; empty when nobody holds the lease or it was not read yet.</summary>
    string Leader { get; }

    /// <summary>
    /// Raised when this process becomes the leader (true) and when it stops being it (false). Handlers must be quick and must not throw.
    /// </summary>
    event EventHandler<bool>? Changed;
}
