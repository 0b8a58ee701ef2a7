using AgentOperator.Api;
using AgentOperator.ControlRuntime;

namespace AgentOperator.Gateway;

/// <summary>Reads runs from the API server where the cache may be a moment too old.</summary>
internal static class NewestRun
{
    /// <summary>The run as it is now; as it was known if it no longer exists.</summary>
    public static async Task<AgentRun> GetNewestAsync(this IObjectClient<AgentRun> runs, AgentRun known, CancellationToken cancellationToken) =>
        await runs.GetAsync(ObjectKey.Of(known), cancellationToken) is { } newest && newest.Metadata.Uid == known.Metadata.Uid ? newest : known;
}
