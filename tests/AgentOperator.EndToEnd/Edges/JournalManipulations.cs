using System.Text.Json.Nodes;

namespace AgentOperator.EndToEnd.Edges;

/// <summary>What somebody does to the journal of a run at work.</summary>
internal static class JournalManipulations
{
    private const string Broken = $"condition Finished=True {Reasons.JournalBroken}";

    public static IReadOnlyList<Manipulation> All { get; } =
    [
        new("segment-labels-removed", run => run.PatchSegmentsAsync(_ => """{"metadata": {"labels": null}}""")),
        new("segment-owner-removed", run => run.PatchSegmentsAsync(_ => """{"metadata": {"ownerReferences": null}}""")),
        new("segment-annotated", run => run.PatchSegmentsAsync(_ => """{"metadata": {"annotations": {"who": "me"}}}""")),
        new("segment-deleted", async run =>
        {
            foreach (var segment in await run.SegmentsAsync())
            {
                await run.DeleteAsync(ApiConstants.JournalSegmentKind, LiveRun.NameOf(segment));
            }
        }) { Ends = [Broken], Answers = null },
        new("segment-record-replaced", run => run.PatchSegmentsAsync(ReplaceLast)) { Ends = [Broken], Answers = null },
        new("segment-records-removed", run => run.PatchSegmentsAsync(_ => """{"spec": {"records": []}}""")) { Ends = [Broken], Answers = null },
        new("segment-hash-replaced", run => run.PatchSegmentsAsync(_ => $$$"""{"spec": {"headHash": "{{{new string('f', 64)}}}"}}"""))
        {
            Ends = [Broken], Answers = null,
        },
        new("segment-of-garbage", run => run.PatchSegmentsAsync(_ => """{"spec": {"records": ["no base64!"], "count": 1}}"""))
        {
            Ends = [Broken], Answers = null,
        },
        
        // Whether it is noticed depends on which replica reads the journal anew.
        new("segment-added", AddSegmentAsync) { Ends = [Broken, $"phase {Phases.Succeeded}"], Answers = null },
    ];

    /// <summary>The last record becomes a copy of the first.</summary>
    private static string ReplaceLast(JsonObject segment)
    {
        var records = segment["spec"]!["records"]!.AsArray().Select(record => record!.GetValue<string>()).ToArray();
        records[^1] = records[0];
        return new JsonObject { ["spec"] = new JsonObject { ["records"] = new JsonArray([.. records.Select(record => JsonValue.Create(record))]) } }
            .ToJsonString();
    }

    /// <summary>A second segment, although the first has room.</summary>
    private static async Task AddSegmentAsync(LiveRun run)
    {
        var segment = (await run.SegmentsAsync())[^1];
        var metadata = segment["metadata"]!.AsObject();
        var name = LiveRun.NameOf(segment);
        segment["metadata"] = new JsonObject
        {
            ["name"] = $"{name[..^1]}2",
            ["labels"] = metadata["labels"]!.DeepClone(),
            ["ownerReferences"] = metadata["ownerReferences"]!.DeepClone(),
        };
        segment["spec"]!["index"] = 2;
        await run.CreateAsync(ApiConstants.JournalSegmentKind, segment.ToJsonString());
    }
}
