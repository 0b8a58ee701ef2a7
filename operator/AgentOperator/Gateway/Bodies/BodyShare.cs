namespace AgentOperator.Gateway.Bodies;

/// <summary>What one request's body takes of the <see cref="BodyBudget"/>. Disposed once.</summary>
internal sealed class BodyShare(BodyBudget budget, string runUid) : IDisposable
{
    private long _bytes;

    /// <exception cref="GatewayException">There is no room.</exception>
    public void Take(long bytes)
    {
        budget.Take(runUid, bytes);
        _bytes += bytes;
    }

    public void Dispose()
    {
        if (_bytes > 0)
        {
            budget.Return(runUid, _bytes);
            _bytes = 0;
        }
    }
}
