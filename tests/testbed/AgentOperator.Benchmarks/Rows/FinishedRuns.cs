using System.Text.Json;
using System.Text.Json.Nodes;
using AgentOperator.SimulatedNodes.Runs;

namespace AgentOperator.Benchmarks.Rows;

/// <summary>
/// Makes runs that have ended, as copies of one that really was played: the status and the journal's segment are the same but for names and
/// UIDs.
/// </summary>
internal sealed class FinishedRuns(Stage stage)
{
    private const int Parallel = 16;
    private readonly string _runs = $"apis/{ApiConstants.Group}/{ApiConstants.Version}/namespaces/{stage.Namespace}/{ApiConstants.AgentRunPlural}";
    private readonly string _segments =
        $"apis/{ApiConstants.Group}/{ApiConstants.Version}/namespaces/{stage.Namespace}/{ApiConstants.JournalSegmentPlural}";
    private int _made;

    /// <summary>Makes that many more.</summary>
    public async Task CreateAsync(int count)
    {
        var run = JsonNode.Parse((await FirstAsync(_runs)).GetRawText())!;
        var uid = (string)run["metadata"]!["uid"]!;
        var segment = (await stage.Api.GetAsync($"{_segments}?labelSelector={Labels.RunUid}={uid}", CancellationToken.None)).GetProperty("items")[0]
            .GetRawText();
        var first = _made;
        _made += Math.Max(0, count);
        await ParallelTasks.RunAsync(
            Math.Max(0, count), Parallel, number => CreateAsync(RunCreator.NameOf("kept", first + number), run, segment, uid));
    }

    private async Task CreateAsync(string name, JsonNode template, string segmentTemplate, string templateUid)
    {
        var run = template.DeepClone();
        var templateName = (string)run["metadata"]!["name"]!;
        run["metadata"] = new JsonObject { ["name"] = name };
        var status = run["status"]!.DeepClone();
        run.AsObject().Remove("status");
        var created = await stage.Api.WriteAsync(HttpMethod.Post, _runs, JsonSerializer.SerializeToUtf8Bytes(run), CancellationToken.None)
            ?? throw new InvalidOperationException($"There is a run {name} already.");
        var uid = JsonElement.Parse(created).GetProperty("metadata").GetProperty("uid").GetString()!;
        var patch = JsonSerializer.SerializeToUtf8Bytes(new JsonObject { ["status"] = status });
        await stage.Api.WriteAsync(HttpMethod.Patch, $"{_runs}/{name}/status", patch, CancellationToken.None, "application/merge-patch+json");

        var segment = JsonNode.Parse(
            segmentTemplate.Replace(templateUid, uid, StringComparison.Ordinal).Replace(templateName, name, StringComparison.Ordinal))!;
        var metadata = segment["metadata"]!;
        segment["metadata"] = new JsonObject
        {
            ["name"] =
                $"{name}.{uid[..8]}.00001", ["labels"] = metadata["labels"]!.DeepClone(),
                ["ownerReferences"] = metadata["ownerReferences"]!.DeepClone(),
        };
        await stage.Api.WriteAsync(HttpMethod.Post, _segments, JsonSerializer.SerializeToUtf8Bytes(segment), CancellationToken.None);
    }

    private async Task<JsonElement> FirstAsync(string path) =>
        (await stage.Api.GetAsync($"{path}?limit=1", CancellationToken.None)).GetProperty("items")[0];
}
