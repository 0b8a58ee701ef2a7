using AgentOperator.Api;
using AgentOperator.Caching;
using AgentOperator.ControlRuntime;

namespace AgentOperator.Gateway;

/// <summary>The runs as the gateway's endpoints see them: each with its accepted spec, whatever somebody wrote into it since.</summary>
internal sealed class AcceptedRuns(ILister<AgentRun> runs, IObjectClient<AgentRun> client, AcceptedSpecs specs)
{
    /// <summary>The run as the cache has it, else as the API server does; null if it does not exist.</summary>
    /// <exception cref="Journal.JournalException">Its journal cannot be read.</exception>
    public async Task<AgentRun?> FindAsync(ObjectKey key, CancellationToken cancellationToken) =>
        await FindCachedAsync(key, cancellationToken)
            ?? (await client.GetAsync(key, cancellationToken) is { } run ? await AcceptAsync(run, cancellationToken) : null);

    /// <summary>The run as the cache has it; null if it is not there.</summary>
    /// <exception cref="Journal.JournalException">Its journal cannot be read.</exception>
    public async Task<AgentRun?> FindCachedAsync(ObjectKey key, CancellationToken cancellationToken) =>
        runs.Get(key) is { } cached and not ShortRun ? await AcceptAsync(cached, cancellationToken) : null;

    /// <summary>
    /// The run as the API server has it now, for where the cache may be a moment too old; as it was known if it no longer exists.
    /// </summary>
    /// <exception cref="Journal.JournalException">Its journal cannot be read.</exception>
    public async Task<AgentRun> GetNewestAsync(AgentRun known, CancellationToken cancellationToken) =>
        await client.GetAsync(ObjectKey.Of(known), cancellationToken) is { } newest && newest.Metadata.Uid == known.Metadata.Uid
            ? await AcceptAsync(newest, cancellationToken)
            : known;

    private async Task<AgentRun> AcceptAsync(AgentRun run, CancellationToken cancellationToken) =>
        (await specs.FindAsync(run, cancellationToken)).ApplyTo(run);
}
