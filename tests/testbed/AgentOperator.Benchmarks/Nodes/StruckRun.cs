using System.Text.Json;
using System.Text.Json.Serialization;
using AgentOperator.ModelServer.Calls;

namespace AgentOperator.Benchmarks.Nodes;

/// <summary>A run of many steps whose agent may be killed on the way; all that a user may leave out is left out.</summary>
internal sealed class StruckRun(NodeNamespace place, string name)
{
    /// <summary>Model calls, the final answer included.</summary>
    public const int Steps = 100;

    /// <summary>How long the model thinks, as in the demo.</summary>
    public const int ModelMilliseconds = 300;

    /// <summary>How long each tool takes: long enough to be struck while it works.</summary>
    public const int ToolMilliseconds = 100;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter() } };

    /// <summary>Runs it, and kills its agent as soon as a watch shows every so many steps: the tool of that step is under way then.</summary>
    /// <param name="every">After how many steps; null for never.</param>
    public async Task<StruckRunTimes> RunAsync(int? every)
    {
        var scenario = new Scenario(name)
            .Shell($"sleep 0.{ToolMilliseconds}; echo 'what step {{{{number}}}} found'", ModelMilliseconds, repeat: Steps - 1)
            .Answer("Done.", ModelMilliseconds);
        await place.StartAsync(name, scenario);
        var podStarts = new List<TimeSpan>();
        if (every is { } step)
        {
            var agent = await AgentAsync(1);
            for (var steps = step; steps < Steps; steps += step)
            {
                await place.JournalAsync(name, $"step {steps}", head => head.Steps >= steps);
                var ended = await agent.KillAsync();
                agent = await AgentAsync(podStarts.Count + 2);
                podStarts.Add(agent.StartedAt - ended);
            }
        }

        await place.SucceededAsync(name, [.. Enumerable.Repeat(Outcomes.Error, podStarts.Count), Outcomes.Completed]);
        var calls = (await place.Model.CallsAsync(name)).Deserialize<CallRecord[]>(Json)!;
        var total = calls.Max(call => call.Time.AddMilliseconds(call.DurationMs)) - calls.Min(call => call.Time);
        return new StruckRunTimes(total, podStarts, (await place.Model.SummarizeAsync(name)).RepeatedModelCalls);
    }

    private async Task<FirstProcess> AgentAsync(int attempt)
    {
        var (_, head) = await place.JournalAsync(name, $"attempt {attempt}", head => head.Epoch == attempt && head.PodUid is not null);
        return await place.FirstProcessAsync(head.PodUid!, PodProcesses.Runner);
    }
}
