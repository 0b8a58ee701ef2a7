using System.Text;
using System.Text.Json;
using AgentOperator.Api;
using AgentOperator.ControlRuntime;
using AgentOperator.Integration.ControlRuntime;
using AgentOperator.Integration.Support;
using AgentOperator.Journal;
using AgentOperator.Protocol;
using k8s;
using k8s.Models;

namespace AgentOperator.Integration.Texts;

/// <summary>The real server takes every text in what the operator writes, and gives it back.</summary>
internal sealed class AnyTextTests
{
    private const string Manager = "any-text";

    private TestNamespace _namespace = null!;
    private RuntimeHost _host = null!;

    [OneTimeSetUp]
    public Task InstallKind() => Gadgets.InstallAsync();

    [SetUp]
    public async Task SetUp()
    {
        _namespace = await ControlPlane.CreateNamespaceAsync();
        _host = await RuntimeHost.StartAsync(services => services
            .AddInformer<Gadget>(Gadget.Definition, options => options.Namespace = _namespace.Name)
            .AddInformer<AgentRun>(ResourceDefinition.Of<AgentRun>(), options =>
            {
                options.Namespace = _namespace.Name;
                options.JsonOptions = ApiJson.Options;
            }));
    }

    [TearDown]
    public async Task TearDown()
    {
        await _host.DisposeAsync();
        await _namespace.DisposeAsync();
    }

    /// <summary>The writer itself, with texts that nobody has made plain.</summary>
    [Test]
    public async Task Apply_AnyText_IsReadBackAsItWas()
    {
        await Gadgets.CreateAsync(_namespace.Name, "a", 1);
        foreach (var (name, text) in Texts())
        {
            await _host.Get<IObjectClient<Gadget>>().ApplyStatusAsync(
                new ObjectKey(_namespace.Name, "a"), Manager, Gadgets.Status("a", new GadgetStatus { Phase = text }), CancellationToken.None);

            Assert.That((await Gadgets.ReadAsync(_namespace.Name, "a")).Status!.Phase, Is.EqualTo(WithoutHalves(text)), name);
        }
    }

    [Test]
    public async Task Apply_AgentRunWithAnyTextInEveryField_IsReadBackAsItWas()
    {
        var run = await _namespace.CreateRunAsync();
        foreach (var (name, text) in Texts())
        {
            var status = StatusOf(text);
            var body = new { apiVersion = ApiConstants.ApiVersion, kind = ApiConstants.AgentRunKind, metadata = new { name = run.Name }, status };
            var document = JsonSerializer.SerializeToElement(body, ApiJson.Options);

            await _host.Get<IObjectClient<AgentRun>>()
                .ApplyStatusAsync(new ObjectKey(run.Namespace, run.Name), Manager, document, CancellationToken.None);

            var read = JsonSerializer.SerializeToElement(await ControlPlane.Client.CustomObjects.GetNamespacedCustomObjectAsync(
                ApiConstants.Group, ApiConstants.Version, run.Namespace, ApiConstants.AgentRunPlural, run.Name)).GetProperty("status");
            Assert.That(JsonElement.DeepEquals(read, document.GetProperty("status")), Is.True, $"{name}: {read}");
        }
    }

    [Test]
    public async Task Record_AnyText_IsAnEvent()
    {
        var notes = Enumerable.Range(1, 100).Select(AnyText.Of).Append("All done! 🎉").ToList();
        for (var i = 0; i < notes.Count; i++)
        {
            // An event names an object that need not exist.
            var regarding = new V1ObjectReference
            {
                ApiVersion = "v1", Kind = "ConfigMap", Name = $"a-{i}", NamespaceProperty = _namespace.Name, Uid = $"uid-{i}",
            };
            _host.Get<IEventRecorder>().Record(regarding, "Warning", "Said", notes[i], notes[i]);
        }

        await Soon.BeTrueAsync(async () => (await EventsAsync()).Count == notes.Count, "all events");
        foreach (var written in await EventsAsync())
        {
            var note = PlainText.Of(notes[int.Parse(written.Regarding.Name[2..], System.Globalization.CultureInfo.InvariantCulture)]);
            Assert.That(written.Note, Is.EqualTo(note[..written.Note.Length]));
            Assert.That(written.Note.Length == note.Length || Encoding.UTF8.GetByteCount(written.Note) is > 1020 and <= 1024, written.Note);
        }
    }

    [Test]
    public async Task Finish_AnyText_IsTheJournalsEnd()
    {
        using var spec = JsonDocument.Parse("{}");
        foreach (var seed in Enumerable.Range(1, 20))
        {
            var text = AnyText.Of(seed);
            var run = await _namespace.CreateRunAsync($"run-{seed}");
            using (var journal = NewJournal())
            {
                await journal.StartAsync(run, "hash", spec.RootElement, CancellationToken.None);
                var said = new RunFinishedPayload { Outcome = RunOutcome.Failed, Reason = text, Message = text, Result = text };
                await journal.FinishAsync(run, said, CancellationToken.None);
            }

            using var later = NewJournal();
            var end = (await later.ReadHeadAsync(run, CancellationToken.None))!.Finished!;
            var plain = TextLimit.Cut(text, ResultStatus.MaxTextBytes);
            Assert.That((end.Message, end.Result), Is.EqualTo((plain, plain)), $"seed {seed}");
            var read = await later.ReadAsync(run, 0, int.MaxValue, CancellationToken.None);
            Assert.That(read.Records, Has.Count.EqualTo(2), $"seed {seed}: the chain holds");
        }
    }

    /// <summary>Each character that a YAML reader has an opinion of, alone; then anything, by seeds.</summary>
    private static IEnumerable<(string Name, string Text)> Texts()
    {
        int[] alone =
        [
            .. Enumerable.Range(0, 0x20), .. Enumerable.Range(0x7F, 0x22), 0x2028, 0x2029, 0xFEFF, 0xFFFD, 0xFFFE, 0xFFFF, 0xE000, 0x1F389, 0x10FFFF,
        ];
        return
        [
            .. alone.Select(scalar => ($"U+{scalar:X4}", $"a{char.ConvertFromUtf32(scalar)}b")),
            ("high", "a\uD83Cb"), ("low", "a\uDF89b"), ("escaped", "a\\uD83C\\uDF89b"),
            .. Enumerable.Range(1, 100).Select(seed => ($"seed {seed}", AnyText.Of(seed))),
        ];
    }

    private static AgentRunStatus StatusOf(string text) => new()
    {
        Phase = Phases.Failed,
        Conditions =
        [
            new Condition
            {
                Type = ConditionTypes.Finished,
                Status = "True",
                LastTransitionTime = DateTimeOffset.UnixEpoch,
                Reason = TextLimit.Cut(text, 128),
                Message = TextLimit.Cut(text, 1024),
            },
        ],
        Attempts = [new AttemptStatus { Number = 1, Reason = TextLimit.Cut(text, 128), Message = TextLimit.Cut(text, 512) }],
        WaitingFor = TextLimit.Cut(text, 1024),
        Result = new ResultStatus { Text = TextLimit.Cut(text, ResultStatus.MaxTextBytes) },
    };

    private static string WithoutHalves(string text) => string.Concat(text.EnumerateRunes());

    private static SegmentJournalStore NewJournal() =>
        new(new KubernetesSegmentClient(ControlPlane.Client, new NoSegmentHeaders(), TimeProvider.System), TimeProvider.System);

    private async Task<IList<Eventsv1Event>> EventsAsync() => (await ControlPlane.Client.EventsV1.ListNamespacedEventAsync(_namespace.Name)).Items;
}
