using System.Threading.RateLimiting;

namespace AgentOperator.Gateway.Models;

/// <summary>What a <see cref="PerMinuteLimiter"/> answers.</summary>
internal sealed class PermitLease : RateLimitLease
{
    private readonly TimeSpan? _retryAfter;

    private PermitLease(bool isAcquired, TimeSpan? retryAfter) => (IsAcquired, _retryAfter) = (isAcquired, retryAfter);

    public static PermitLease Acquired { get; } = new(true, null);

    public override bool IsAcquired { get; }

    public override IEnumerable<string> MetadataNames => _retryAfter is null ? [] : [MetadataName.RetryAfter.Name];

    public static PermitLease Rejected(TimeSpan retryAfter) => new(false, retryAfter);

    public override bool TryGetMetadata(string metadataName, out object? metadata)
    {
        metadata = metadataName == MetadataName.RetryAfter.Name ? _retryAfter : null;
        return metadata is not null;
    }
}
