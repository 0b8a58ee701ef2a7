using AgentOperator.Api;
using AgentOperator.ControlRuntime;

namespace AgentOperator.Integration.Support;

/// <summary>A cache that has seen nothing: the journal finds its segments by itself.</summary>
internal sealed class NoSegmentHeaders : ILister<JournalSegmentHeader>
{
    public JournalSegmentHeader? Get(ObjectKey key) => null;

    public IReadOnlyList<JournalSegmentHeader> List(string? namespaceName = null) => [];

    public IReadOnlyList<JournalSegmentHeader> ByOwner(string ownerUid) => [];

    public IReadOnlyList<JournalSegmentHeader> ByIndex(string index, string value) => [];
}
