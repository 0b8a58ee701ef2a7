using Microsoft.Extensions.Caching.Memory;

namespace AgentOperator.Journal;

/// <summary>Verifies the segments that something else than an append changed, and gives them back the labels and the owner that they lost.</summary>
internal sealed class TouchedCheck(ISegmentClient segments) : IDisposable
{
    /// <summary>A webhook may take them away again at once.</summary>
    private static readonly TimeSpan BetweenRestores = TimeSpan.FromMinutes(1);

    private readonly MemoryCache _restored = new(new MemoryCacheOptions { SizeLimit = 10_000 });

    /// <summary>Verifies a run's touched segments.</summary>
    /// <param name="run">The run.</param>
    /// <param name="last">The journal's last segment, which is verified.</param>
    /// <param name="cancellationToken">Cancels the reads.</param>
    /// <returns>The last segment as it is now.</returns>
    /// <exception cref="JournalException">A segment is missing or broken.</exception>
    public async Task<Segment> CheckAsync(RunIdentity run, Segment last, CancellationToken cancellationToken)
    {
        foreach (var index in segments.Touched(run))
        {
            var segment = index == last.Index ? last : await GetAsync(run, index, cancellationToken);
            if (index < last.Index)
            {
                SegmentCheck.VerifyLink(segment, index + 1 == last.Index ? last : await GetAsync(run, index + 1, cancellationToken));
            }

            if (segment.LacksMetadata && !_restored.TryGetValue((run.Uid, index), out _))
            {
                _restored.Set((run.Uid, index), true, new MemoryCacheEntryOptions { Size = 1, AbsoluteExpirationRelativeToNow = BetweenRestores });
                var restored = await segments.ReplaceAsync(run, segment, cancellationToken);
                last = index == last.Index ? restored : last;
            }

            segments.ForgetTouched(run, index);
        }

        return last;
    }

    public void Dispose() => _restored.Dispose();

    private async Task<Segment> GetAsync(RunIdentity run, int index, CancellationToken cancellationToken) =>
        SegmentCheck.Verify(run, index, await segments.GetAsync(run, index, cancellationToken) ?? throw SegmentCheck.Missing(index));
}
