using System.Text.Json;
using AgentOperator.Integration.Support;
using AgentOperator.Journal;
using AgentOperator.Protocol;

namespace AgentOperator.Integration.Journal;

/// <summary>A real etcd is set back to an older copy of itself, as after a disaster.</summary>
public sealed class RestoredStoreTests
{
    private const string PodUid = "pod-uid";

    [Test]
    public async Task Append_AfterEtcdWasRestored_IsRefusedOverTheGapAndTheOlderJournalIsWhole()
    {
        ControlPlane.RequireOurs();
        await using var space = await ControlPlane.CreateNamespaceAsync();
        var run = await space.CreateRunAsync();
        using var journal = new SegmentJournalStore(
            new KubernetesSegmentClient(ControlPlane.Client, new NoSegmentHeaders(), TimeProvider.System), TimeProvider.System);
        using var spec = JsonDocument.Parse("{}");
        await journal.StartAsync(run, "hash", spec.RootElement, CancellationToken.None);
        await journal.ClaimEpochAsync(run, 1, "pod", PodUid, CancellationToken.None);
        await AppendAsync(journal, run, "before");
        var copied = (await journal.ReadHeadAsync(run, CancellationToken.None))!;

        await WithEtcdStoppedAsync(folder => Copy(folder, folder + ".copy"));
        await AppendAsync(journal, run, "after");
        var lost = (await journal.ReadHeadAsync(run, CancellationToken.None))!;
        Assert.That(lost.Sequence, Is.EqualTo(copied.Sequence + 1));

        await WithEtcdStoppedAsync(folder =>
        {
            Directory.Delete(folder, recursive: true);
            Directory.Move(folder + ".copy", folder);
        });

        // A writer that knows of the lost record, also this process from memory, must not append after it.
        Assert.That(
            async () => await journal.AppendAsync(run, new Writer(1, PodUid), lost.Sequence, [Record("over the gap")], CancellationToken.None),
            Throws.InstanceOf<JournalException>().With.Property(nameof(JournalException.Code)).EqualTo(ErrorCodes.SequenceConflict));
        var head = (await journal.ReadHeadAsync(run, CancellationToken.None))!;
        Assert.That((head.Sequence, head.Hash), Is.EqualTo((copied.Sequence, copied.Hash)));
        Assert.That((await journal.ReadAsync(run, 0, int.MaxValue, CancellationToken.None)).Records, Has.Count.EqualTo(copied.Sequence));
    }

    private static async Task AppendAsync(SegmentJournalStore journal, RunIdentity run, string content)
    {
        var head = (await journal.ReadHeadAsync(run, CancellationToken.None))!;
        await journal.AppendAsync(run, new Writer(1, PodUid), head.Sequence, [Record(content)], CancellationToken.None);
    }

    private static NewRecord Record(string content) => new(
        RecordKinds.ToolResult,
        JsonSerializer.SerializeToElement(new ToolOutcomePayload { Tool = "shell", Content = content }, ProtocolJson.Default.ToolOutcomePayload),
        "key", "call");

    private static async Task WithEtcdStoppedAsync(Action<string> change)
    {
        await ControlPlane.ControlAsync("stop", "kube-apiserver");
        await ControlPlane.ControlAsync("stop", "etcd");
        change(Path.Combine(Path.GetDirectoryName(ControlPlane.Kubeconfig)!, "etcd"));
        await ControlPlane.ControlAsync("start", "etcd");
        await ControlPlane.ControlAsync("start", "kube-apiserver");

        // Its caches show objects that no longer exist.
        await ControlPlane.ControlAsync("restart", "kube-controller-manager");
        await ControlPlane.ReadyAsync();
    }

    private static void Copy(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target, overwrite: true);
        }
    }
}
