using System.Collections.Concurrent;
using System.Collections.Immutable;
using AgentOperator.Api;
using AgentOperator.ControlRuntime;

namespace AgentOperator.Journal;

/// <summary>
/// Segments that were changed or deleted, by what the watch shows, and not by an append. A sealed segment is read seldom, so without this only the
/// next attempt would notice. The store reads and verifies them before it answers anything else about the run.
/// </summary>
internal sealed class TouchedSegments : IInformerObserver<JournalSegmentHeader>, IDisposable
{
    private readonly ConcurrentDictionary<string, ImmutableSortedSet<int>> _touched = new();
    private readonly IInformer<JournalSegmentHeader> _headers;
    private readonly IDisposable _subscription;

    public TouchedSegments(IInformer<JournalSegmentHeader> headers)
    {
        _headers = headers;
        _subscription = headers.Subscribe(this);
    }

    /// <summary>The indexes of a run's segments to verify, in order.</summary>
    public IReadOnlyList<int> Of(RunIdentity run) => _touched.TryGetValue(run.Uid, out var indexes) ? indexes : [];

    /// <summary>The segment was verified.</summary>
    public void Forget(RunIdentity run, int index)
    {
        if (_touched.TryGetValue(run.Uid, out var indexes) && indexes.Remove(index) is var left)
        {
            _ = left.IsEmpty
                ? _touched.TryRemove(KeyValuePair.Create(run.Uid, indexes))
                : _touched.TryUpdate(run.Uid, left, indexes);
        }
    }

    public void OnAdded(JournalSegmentHeader added, bool isInInitialList)
    {
    }

    public void OnUpdated(JournalSegmentHeader previous, JournalSegmentHeader current)
    {
        if (current.Spec.Head.Sequence <= previous.Spec.Head.Sequence || previous.Spec.Sealed)
        {
            Touch(previous);
        }
    }

    /// <summary>The last segment of a run that has ended leaves the watch, too: it is found to be whole.</summary>
    public void OnDeleted(JournalSegmentHeader deleted)
    {
        Touch(deleted);
        if (_headers.ByOwner(deleted.Spec.RunUid).Count == 0)
        {
            // The whole journal is gone, which needs no look at its segments.
            _touched.TryRemove(deleted.Spec.RunUid, out _);
        }
    }

    public void Dispose() => _subscription.Dispose();

    private void Touch(JournalSegmentHeader header) =>
        _touched.AddOrUpdate(header.Spec.RunUid, [header.Spec.Index], (_, known) => known.Add(header.Spec.Index));
}
