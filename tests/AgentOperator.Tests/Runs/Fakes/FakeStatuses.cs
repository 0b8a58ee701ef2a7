using System.Text.Json;
using AgentOperator.Api;
using AgentOperator.ControlRuntime;

namespace AgentOperator.Tests.Runs;

/// <summary>The status subresource on the server.</summary>
internal sealed class FakeStatuses(RunWorld world) : IStatusWriter<AgentRun>
{
    /// <summary>Every status that was applied, in order.</summary>
    public List<AgentRunStatus> Applied { get; } = [];

    public Task<string> ApplyAsync(ObjectKey key, string fieldManager, object statusDocument, CancellationToken cancellationToken) => world.Crash.WriteAsync(() =>
    {
        var document = JsonSerializer.SerializeToElement(statusDocument, ApiJson.Options);
        var status = document.GetProperty("status").Deserialize(ApiJson.TypeInfo<AgentRunStatus>())!;
        Applied.Add(status);
        var version = "";
        world.ChangeRun(run =>
        {
            run.Status = status;
            version = run.Metadata.ResourceVersion;
        });
        return Task.FromResult(version);
    });
}
