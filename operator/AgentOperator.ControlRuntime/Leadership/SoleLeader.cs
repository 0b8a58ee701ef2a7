namespace AgentOperator.ControlRuntime;

/// <summary>Leads always and at once: for one replica without a lease.</summary>
internal sealed class SoleLeader(string identity) : ILeadership, ILeaderElection
{
    private volatile bool _leads;

    public event EventHandler<bool>? Changed;

    public bool IsLeader => _leads;

    public string Identity => identity;

    public string Leader => _leads ? identity : "";

    public async Task<LeaderOutcome> RunAsync(Func<CancellationToken, Task> lead, CancellationToken stop)
    {
        Set(true);
        try
        {
            await lead(CancellationToken.None);
        }
        finally
        {
            Set(false);
        }

        return LeaderOutcome.Stopped;
    }

    private void Set(bool leads)
    {
        _leads = leads;
        Changed?.Invoke(this, leads);
    }
}
