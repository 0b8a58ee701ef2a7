using System.Net;
using AgentOperator.Caching;

namespace AgentOperator.Gateway.Identity;

/// <summary>
/// Bounds the TokenReviews under way, and those that one address causes in vain: each counts against its address from its start, and no longer
/// once the token was accepted. ADR 30.
/// </summary>
internal sealed class ReviewBounds(TimeProvider time)
{
    /// <summary>How many reviews may be under way.</summary>
    public const int MaxUnderWay = 256;

    /// <summary>How many refused reviews, and reviews under way, an address may have in <see cref="Period"/>.</summary>
    public const int MaxPerAddress = 50;

    /// <summary>How long a refused review counts against its address, at most.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

    /// <summary>Addresses beyond it are only bound by <see cref="MaxUnderWay"/>.</summary>
    private const int MaxAddresses = 50_000;

    private const int RetryAfterSeconds = 5;

    private readonly Lock _lock = new();
    private readonly ExpiringCache<IPAddress, Count> _counts = new(MaxAddresses, time);
    private int _underWay;

    /// <summary>Makes a review.</summary>
    /// <param name="address">Where the token came from; null to count it against no address.</param>
    /// <param name="review">The review; null stands for a token that is refused.</param>
    /// <exception cref="GatewayException">There are too many.</exception>
    public async Task<ReviewedPod?> RunAsync(IPAddress? address, Func<Task<ReviewedPod?>> review)
    {
        var count = Begin(address);
        var isRefused = false;
        try
        {
            var pod = await review();
            isRefused = pod is null;
            return pod;
        }
        finally
        {
            lock (_lock)
            {
                _underWay--;
                count.Reviews -= isRefused ? 0 : 1;
            }
        }
    }

    private Count Begin(IPAddress? address)
    {
        lock (_lock)
        {
            var count = CountOf(address);
            if (count.Reviews >= MaxPerAddress)
            {
                throw GatewayException.TooManyRequests("too many tokens from this address were refused", RetryAfterSeconds);
            }

            if (_underWay >= MaxUnderWay)
            {
                throw GatewayException.TooManyRequests("too many tokens are being reviewed", RetryAfterSeconds);
            }

            _underWay++;
            count.Reviews++;
            return count;
        }
    }

    private Count CountOf(IPAddress? address)
    {
        if (address is null)
        {
            return new Count();
        }

        if (!_counts.TryGet(address, out var count))
        {
            _counts.Set(address, count = new Count(), Period);
        }

        return count;
    }

    private sealed class Count
    {
        public int Reviews { get; set; }
    }
}
