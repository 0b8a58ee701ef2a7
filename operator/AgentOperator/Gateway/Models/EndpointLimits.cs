using System.Threading.RateLimiting;

namespace AgentOperator.Gateway.Models;

/// <summary>
/// The limiters of one pipeline. Once they are disposed, who waits in them, and who comes later, is told that the endpoint has changed.
/// </summary>
/// <remarks>A call that has its place keeps it: giving it back to a disposed limiter does nothing.</remarks>
internal sealed class EndpointLimits : IDisposable
{
    private readonly List<RateLimiter> _limiters = [];
    private volatile bool _disposed;

    /// <summary>Adds a limiter.</summary>
    /// <returns>Takes so many of its permits, and waits for them.</returns>
    public Func<int, CancellationToken, ValueTask<RateLimitLease>> Add(RateLimiter limiter)
    {
        _limiters.Add(limiter);
        return (permits, cancellationToken) => AcquireAsync(limiter, permits, cancellationToken);
    }

    /// <summary>Those who wait go on from here, in order.</summary>
    public void Dispose()
    {
        _disposed = true;
        _limiters.ForEach(static limiter => limiter.Dispose());
    }

    /// <exception cref="EndpointChangedException">The limits were disposed before there was a place.</exception>
    private async ValueTask<RateLimitLease> AcquireAsync(RateLimiter limiter, int permits, CancellationToken cancellationToken)
    {
        try
        {
            var lease = await limiter.AcquireAsync(permits, cancellationToken);
            if (lease.IsAcquired || !_disposed)
            {
                return lease;
            }
        }
        catch (ObjectDisposedException) when (_disposed)
        {
            // The same: the pipeline was replaced while the call was on its way to this limit.
        }

        throw new EndpointChangedException();
    }
}
