using System.Text.Json;
using AgentOperator.Api;
using AgentOperator.Chaos.Cluster;
using AgentOperator.Chaos.Oracles;
using AgentOperator.ControlRuntime;

namespace AgentOperator.Chaos.Operators;

/// <summary>Server-side apply of a status by its only field manager: what is applied replaces what was.</summary>
internal sealed class SimulatedStatusWriter(ApiConnection api, StatusOracle oracle) : IStatusWriter<AgentRun>
{
    public Task<string> ApplyAsync(ObjectKey key, string fieldManager, object statusDocument, CancellationToken cancellationToken)
    {
        var document = (JsonElement)statusDocument;
        var uid = document.GetProperty("metadata").GetProperty("uid").GetString();
        var version = document.GetProperty("metadata").TryGetProperty("resourceVersion", out var given) ? given.GetString() : null;
        var status = document.GetProperty("status").Deserialize(ApiJson.TypeInfo<AgentRunStatus>())!;
        return api.WriteAsync(
            $"apply status {key.Name} {status.Phase} attempt {status.Attempt} at {status.Checkpoint?.Sequence}",
            () =>
            {
                var run = api.Server.Runs.Get(key) ?? throw ApiErrors.NotFound(key.Name);
                if (run.Metadata.Uid != uid || (version is not null && version != run.Metadata.ResourceVersion))
                {
                    throw ApiErrors.Conflict(key.Name);
                }

                oracle.Applied(run, status, api.Process.Name);
                return api.Server.Runs.Put(new AgentRun { Metadata = run.Metadata, Spec = run.Spec, Status = status }).Metadata.ResourceVersion;
            },
            cancellationToken);
    }
}
