using AgentOperator.Api;
using AgentOperator.Chaos.Oracles;
using AgentOperator.ControlRuntime;
using AgentOperator.Journal;

namespace AgentOperator.Chaos.Operators;

/// <summary>Segments on the simulated API server; the real mapping to objects is used.</summary>
internal sealed class SimulatedSegmentClient(ApiConnection api, ILister<JournalSegmentHeader> headers, JournalOracle oracle) : ISegmentClient
{
    public int LastKnownIndex(RunIdentity run) =>
        headers.ByOwner(run.Uid).Aggregate(1, (last, header) => Math.Max(last, header.Spec.Index));

    public int KnownIndexOf(RunIdentity run, long sequence) => headers.ByOwner(run.Uid)
        .Where(header => header.Spec.FirstSequence <= sequence)
        .Aggregate(1, (last, header) => Math.Max(last, header.Spec.Index));

    public JournalHead? LastKnownHead(RunIdentity run) =>
        headers.ByOwner(run.Uid).MaxBy(header => header.Spec.Index) is { } last ? SegmentMapping.ToHead(last.Spec) : null;

    public bool HasOpenSegment(RunIdentity run) => headers.ByOwner(run.Uid).Any(header => !header.Spec.Sealed);

    /// <summary>Only operators write segments here.</summary>
    public IReadOnlyList<int> Touched(RunIdentity run) => [];

    public void ForgetTouched(RunIdentity run, int index)
    {
    }

    public Task<Segment?> GetAsync(RunIdentity run, int index, CancellationToken cancellationToken) => api.CallAsync(
        $"get segment {run.Name}.{index}", write: false, () => api.Server.GetSegment(run, index), NoAnswer, cancellationToken);

    public Task<Segment> CreateAsync(RunIdentity run, Segment segment, CancellationToken cancellationToken) => api.CallAsync(
        $"create segment {run.Name}.{segment.Index} to {segment.Head.Sequence}",
        write: true,
        () => oracle.Stored(run, api.Server.CreateSegment(run, segment)),
        NoAnswer,
        cancellationToken);

    public Task<Segment> ReplaceAsync(RunIdentity run, Segment segment, CancellationToken cancellationToken) => api.CallAsync(
        $"replace segment {run.Name}.{segment.Index} to {segment.Head.Sequence}",
        write: true,
        () => oracle.Stored(run, api.Server.ReplaceSegment(run, segment)),
        NoAnswer,
        cancellationToken);

    private static SegmentUnavailableException NoAnswer() => new("the API server does not answer");
}
