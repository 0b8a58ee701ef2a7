using System.Net;
using System.Text.Json;
using AgentOperator.Api;
using AgentOperator.ControlRuntime;
using k8s.Autorest;

namespace AgentOperator.Tests.Runs;

/// <summary>The status subresource on the server.</summary>
internal sealed class FakeStatuses(RunWorld world) : IStatusWriter<AgentRun>
{
    /// <summary>Every status that was applied, in order.</summary>
    public List<AgentRunStatus> Applied { get; } = [];

    /// <summary>How the server refuses a status; null when it takes it.</summary>
    public Func<AgentRunStatus, HttpStatusCode?> Refusal { get; set; } = _ => null;

    /// <summary>How many statuses it refused.</summary>
    public int Refused { get; private set; }

    public Task<string> ApplyAsync(ObjectKey key, string fieldManager, object statusDocument, CancellationToken cancellationToken) => world.Crash.WriteAsync(() =>
    {
        var document = JsonSerializer.SerializeToElement(statusDocument, ApiJson.Options);
        var status = document.GetProperty("status").Deserialize(ApiJson.TypeInfo<AgentRunStatus>())!;
        if (Refusal(status) is { } code)
        {
            Refused++;
            throw new HttpOperationException("refused") { Response = new HttpResponseMessageWrapper(new HttpResponseMessage(code), "") };
        }

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
