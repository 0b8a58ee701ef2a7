using System.Text;
using System.Text.Json;
using AgentOperator.Api;
using AgentOperator.Integration.Support;
using AgentOperator.Journal;
using AgentOperator.Journal.Tests;
using AgentOperator.Protocol;
using k8s;

namespace AgentOperator.Integration.Journal;

/// <summary>The segment store, on a real API server.</summary>
public sealed class SegmentStoreContractTests : JournalStoreContract
{
    private TestNamespace _namespace = null!;

    [OneTimeSetUp]
    public async Task CreateNamespace() => _namespace = await ControlPlane.CreateNamespaceAsync();

    [OneTimeTearDown]
    public async Task DeleteNamespace() => await _namespace.DisposeAsync();

    protected override IJournalStore OpenReplica() =>
        new SegmentJournalStore(new KubernetesSegmentClient(ControlPlane.Client, new NoSegmentHeaders(), TimeProvider.System), TimeProvider.System);

    protected override Task<RunIdentity> CreateRunAsync(string name) => _namespace.CreateRunAsync(name);

    protected override async Task DeleteRunAsync(RunIdentity run)
    {
        await ControlPlane.Client.CustomObjects.DeleteNamespacedCustomObjectAsync(
            ApiConstants.Group, ApiConstants.Version, run.Namespace, ApiConstants.AgentRunPlural, run.Name);
        await Soon.BeTrueAsync(async () => (await SegmentsAsync(run)).Length == 0, "the garbage collector has deleted the segments");
    }

    protected override async Task DamageAsync(RunIdentity run, long sequence, Func<string, string> change, bool isHashed)
    {
        var segment = (await SegmentsAsync(run)).Where(segment => segment.Spec.FirstSequence <= sequence).MaxBy(segment => segment.Spec.Index)!;
        var records = segment.Spec.Records.ToArray();
        var text = Encoding.UTF8.GetString(RecordCompression.Decompress(records[sequence - segment.Spec.FirstSequence]));
        records[sequence - segment.Spec.FirstSequence] = RecordCompression.Compress(Encoding.UTF8.GetBytes(change(text)));
        segment.Spec = segment.Spec with
        {
            Records = records,
            HeadHash = isHashed ? JournalHash.Of(RecordCompression.Decompress(records[^1])) : segment.Spec.HeadHash,
        };
        await ControlPlane.Client.CustomObjects.ReplaceNamespacedCustomObjectAsync(
            segment, ApiConstants.Group, ApiConstants.Version, run.Namespace, ApiConstants.JournalSegmentPlural, segment.Metadata.Name);
    }

    private static async Task<JournalSegment[]> SegmentsAsync(RunIdentity run)
    {
        var list = JsonSerializer.SerializeToElement(await ControlPlane.Client.CustomObjects.ListNamespacedCustomObjectAsync(
            ApiConstants.Group, ApiConstants.Version, run.Namespace, ApiConstants.JournalSegmentPlural, labelSelector: $"{Labels.RunUid}={run.Uid}"));
        return list.GetProperty("items").Deserialize<JournalSegment[]>(ApiJson.Options)!;
    }
}
