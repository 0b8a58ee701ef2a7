using System.Text.Json;
using AgentOperator.Api;
using AgentOperator.Chaos.Judging;
using AgentOperator.Chaos.RealCluster.Plan;
using AgentOperator.Chaos.RealCluster.Programs;
using AgentOperator.Journal;
using AgentOperator.Protocol;
using AgentOperator.Testing;
using k8s;

namespace AgentOperator.Chaos.RealCluster.Evidence;

/// <summary>Reads what is judged: objects from the API server, calls and effects from the model server, processes from the machine.</summary>
internal sealed class EvidenceReader(TestCluster cluster, string ns, PodProcesses processes)
{
    private const string ModelServer = $"api/v1/namespaces/{TestCluster.ModelNamespace}/services/http:model-server:80/proxy";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>The runs of the namespace.</summary>
    public Task<IReadOnlyList<AgentRun>> RunsAsync() => ListAsync<AgentRun>(ApiConstants.AgentRunPlural);

    /// <summary>The things that belong to runs.</summary>
    public async Task<Leftovers> LeftoversAsync()
    {
        var segments = await ListAsync<JournalSegmentHeader>(ApiConstants.JournalSegmentPlural);
        var pods = await Eventually.GetAsync("the pods", async () => await cluster.Client.CoreV1.ListNamespacedPodAsync(ns), Patience);
        return new Leftovers(
            [.. pods.Items.Select(LivePod.Of)],
            [.. segments.Select(segment => (segment.Metadata.Name, segment.Spec.RunUid))],
            [.. processes.All(PodProcesses.Runner).Select(process => process.Group)]);
    }

    /// <summary>Everything about every program's run.</summary>
    public async Task<IReadOnlyList<RunEvidence>> ReadAsync(IReadOnlyList<ClusterProgram> programs, IReadOnlyList<StrikeRecord> strikes)
    {
        var runs = (await RunsAsync()).ToDictionary(run => run.Metadata.Name);
        var segments = (await ListAsync<JournalSegment>(ApiConstants.JournalSegmentPlural)).ToLookup(segment => segment.Spec.RunUid);
        var calls = (await GetAsync("log")).Deserialize<ModelCall[]>(JsonSerializerOptions.Web)!.ToLookup(call => call.Scenario);
        var effects = (await GetAsync("effects")).GetProperty("effects")
            .Deserialize<ToolEffectEntry[]>(JsonSerializerOptions.Web)!.ToLookup(effect => effect.Name);
        var operatorStrikes = strikes.Where(strike => strike.HitsOperator).ToList();
        return [.. programs.Select(program =>
        {
            var run = runs.GetValueOrDefault(program.Run);
            var (journal, broken) = Journal(run is null ? [] : segments[run.Metadata.Uid]);
            var scenario = ProgramManifests.ScenarioName(ns, program);
            return new RunEvidence
            {
                Program = program,
                Run = run,
                Journal = journal,
                BrokenJournal = broken,
                Calls = [.. calls[scenario]],
                Effects = [.. effects[scenario]],
                OperatorStrikes = operatorStrikes,
            };
        })];
    }

    private static (IReadOnlyList<CommittedRecord> Records, string? Broken) Journal(IEnumerable<JournalSegment> segments)
    {
        var records = new List<CommittedRecord>();
        try
        {
            foreach (var segment in segments.OrderBy(segment => segment.Spec.Index))
            {
                records.AddRange(SegmentMapping.ToSegment(segment).Decode(0).Select(stored => Record(stored.Record)));
            }

            return (records, null);
        }
        catch (JournalException exception)
        {
            return (records, exception.Message);
        }
    }

    private static CommittedRecord Record(JournalRecord record) => new(
        record.Sequence, record.Epoch, record.Kind, record.CallId, record.Time,
        RecordKinds.IsToolOutcome(record.Kind) ? record.Payload.Deserialize(ProtocolJson.Default.ToolOutcomePayload)!.Content : null);

    private async Task<IReadOnlyList<T>> ListAsync<T>(string plural)
    {
        var path = $"apis/{ApiConstants.ApiVersion}/namespaces/{ns}/{plural}";
        var list = await Eventually.GetAsync<object>($"the {plural}", async () => await cluster.Api.GetAsync(path), Patience);
        return [.. ((JsonElement)list).GetProperty("items").EnumerateArray().Select(item => item.Deserialize<T>(ApiJson.Options)!)];
    }

    private async Task<JsonElement> GetAsync(string path) =>
        (JsonElement)await Eventually.GetAsync<object>(
            $"the model server's {path}", async () => await cluster.Api.GetAsync($"{ModelServer}/{path}"), Patience);
}
