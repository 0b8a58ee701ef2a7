using k8s.Models;

namespace AgentOperator.ControlRuntime.Tests.Support;

/// <summary>An API server that closes every watch at once. In memory, so that a watch takes no time by any clock.</summary>
internal sealed class ClosingListWatch : IListWatch
{
    private int _watches;

    public int Watches => _watches;

    public Task<ListPage> ListAsync(int? limit, string? continueToken, CancellationToken cancellationToken) =>
        Task.FromResult(new ListPage { Metadata = new V1ListMeta { ResourceVersion = "1" }, Items = [] });

    public async IAsyncEnumerable<WatchEvent> WatchAsync(
        string? resourceVersion, TimeSpan timeout, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _watches);
        await Task.CompletedTask;
        yield break;
    }
}
