using AgentOperator.Gateway.Identity;
using AgentOperator.Gateway.Models;
using AgentOperator.Journal;
using AgentOperator.Protocol;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;

namespace AgentOperator.Tests.Gateway;

/// <summary>I2: until a paid answer is committed, it is lost if its replica dies.</summary>
internal sealed class AnswerCommitTests
{
    /// <summary>However long the store was away, an answer that waits for it is tried again every second.</summary>
    [Test]
    public async Task Commit_StoreIsBackAfterAMinute_IsMadeWithinASecond()
    {
        await using var world = await GatewayWorld.StartAsync("steps: [{text: hello}]");
        var time = new PassingTime();
        using var store = new SegmentJournalStore(new AwaySegments(world.Services.GetRequiredService<ISegmentClient>(), failures: 90), time);
        var commit = new AnswerCommit(
            store, world.Services.GetRequiredService<AnswerLookup>(), world.Services.GetRequiredService<PaidAnswers>(),
            world.Services.GetRequiredService<IHostApplicationLifetime>(), time, NullLogger<AnswerCommit>.Instance);
        var head = (await world.Journal.ReadHeadAsync(world.Run, default))!;
        var step = new ModelStep(new RunnerIdentity(world.Run, new Writer(head.Epoch, head.PodUid!), head.Pod!), "step-1", head.Sequence);

        var committed = commit.CommitAsync(
            step, new ProviderOutcome.Answered(new ModelAnswerPayload { Model = "m", FinishReason = "stop", Text = "hello" }));
        var pauses = await time.PassAsync(committed);

        Assert.That((await committed).Sequence, Is.EqualTo(head.Sequence + 1));
        Assert.That(pauses.Aggregate(TimeSpan.Zero, (sum, pause) => sum + pause), Is.GreaterThan(TimeSpan.FromMinutes(1)), "how long it waited");
        Assert.That(pauses.Max(), Is.LessThanOrEqualTo(TimeSpan.FromSeconds(1)));
    }

    /// <summary>Segments whose store does not answer a number of requests.</summary>
    private sealed class AwaySegments(ISegmentClient segments, int failures) : ISegmentClient
    {
        private int _left = failures;

        private ISegmentClient Store => _left-- > 0 ? throw new SegmentUnavailableException("the store is away") : segments;

        public int LastKnownIndex(RunIdentity run) => segments.LastKnownIndex(run);

        public int KnownIndexOf(RunIdentity run, long sequence) => segments.KnownIndexOf(run, sequence);

        public JournalHead? LastKnownHead(RunIdentity run) => segments.LastKnownHead(run);

        public bool HasOpenSegment(RunIdentity run) => segments.HasOpenSegment(run);

        public IReadOnlyList<int> Touched(RunIdentity run) => segments.Touched(run);

        public void ForgetTouched(RunIdentity run, int index) => segments.ForgetTouched(run, index);

        public async Task<Segment?> GetAsync(RunIdentity run, int index, CancellationToken cancellationToken) =>
            await Store.GetAsync(run, index, cancellationToken);

        public async Task<Segment> CreateAsync(RunIdentity run, Segment segment, CancellationToken cancellationToken) =>
            await Store.CreateAsync(run, segment, cancellationToken);

        public async Task<Segment> ReplaceAsync(RunIdentity run, Segment segment, CancellationToken cancellationToken) =>
            await Store.ReplaceAsync(run, segment, cancellationToken);
    }
}
