using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;

namespace AgentOperator.ControlRuntime.Tests.Leadership;

internal sealed class LeaderElectionTests : FakeApiTests
{
    private FakeTimeProvider _time = null!;

    [SetUp]
    public void SetUp() => _time = new FakeTimeProvider();

    [Test]
    public async Task Acquire_NoLease_MakesOneAndLeads()
    {
        await using var first = new Candidate(Server, "first", _time);

        await LeadsAsync(first);

        Assert.Multiple(() =>
        {
            Assert.That(Holder(), Is.EqualTo("first"));
            Assert.That(first.Election.Leader, Is.EqualTo("first"));
            Assert.That(first.Changes, Is.EqualTo([true]));
        });
    }

    [TestCase(null)]
    [TestCase("")]
    public async Task Acquire_LeaseWithoutAHolder_IsTaken(string? holder)
    {
        PutLease(holder);

        await using var first = new Candidate(Server, "first", _time);

        await LeadsAsync(first);
        Assert.That((int?)Lease()["spec"]!["leaseTransitions"], Is.EqualTo(8));
    }

    [Test]
    public async Task Acquire_LeaseWithoutASpec_IsTaken()
    {
        Server.Cluster.Put(Candidate.Resource, "system", "lease", []);

        await using var first = new Candidate(Server, "first", _time);

        await LeadsAsync(first);
    }

    [Test]
    public async Task Acquire_HeldByAProcessThatDied_IsTakenAfterTheLeaseDurationAndNotBefore()
    {
        PutLease("dead");
        await using var first = new Candidate(Server, "first", _time);
        await Eventually.TrueAsync("the lease is seen", () => first.Election.Leader == "dead");
        var seen = _time.GetUtcNow();

        await LeadsAsync(first);

        Assert.That(_time.GetUtcNow() - seen, Is.GreaterThanOrEqualTo(TimeSpan.FromSeconds(15)));
    }

    [Test]
    public async Task Acquire_TwoCandidates_OneLeads()
    {
        await using var first = new Candidate(Server, "first", _time);
        await LeadsAsync(first);
        await using var second = new Candidate(Server, "second", _time);
        await Eventually.TrueAsync("the second sees the first", () => second.Election.Leader == "first");

        // Three lease durations, in steps that leave the first time to renew.
        var until = _time.GetUtcNow().AddSeconds(45);
        while (_time.GetUtcNow() < until)
        {
            var renewals = Renewals();
            await _time.PassUntilAsync("the next renewal", () => Renewals() > renewals);
            Assert.That(second.Election.IsLeader, Is.False);
        }

        Assert.That(first.Election.IsLeader, Is.True);
    }

    [Test]
    public async Task Stop_Leader_DrainsFirstThenReleasesAndTheOtherTakesOverAtOnce()
    {
        await using var first = new Candidate(Server, "first", _time);
        first.Draining = new TaskCompletionSource();
        await LeadsAsync(first);
        await using var second = new Candidate(Server, "second", _time);
        await Eventually.TrueAsync("the second sees the first", () => second.Election.Leader == "first");

        await first.StopAsync();
        var renewals = Renewals();
        await _time.PassUntilAsync("renewals while the work drains", () => Renewals() > renewals + 1);
        Assert.That(Holder(), Is.EqualTo("first"));
        first.Draining.SetResult();
        var outcome = await first.Outcome.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System);
        Assert.That(Holder(), Is.Null);

        _time.Advance(TimeSpan.FromSeconds(3));
        await Eventually.TrueAsync("the second leads after one retry period", () => second.Election.IsLeader);
        Assert.Multiple(() =>
        {
            Assert.That(outcome, Is.EqualTo(LeaderOutcome.Stopped));
            Assert.That(first.Election.IsLeader, Is.False);
            Assert.That(first.Changes, Is.EqualTo([true, false]));
        });
    }

    [Test]
    public async Task Renew_ServerRefusesUntilTheDeadline_LeaseIsLostAndTheWorkIsTold()
    {
        await using var first = new Candidate(Server, "first", _time);
        await LeadsAsync(first);

        Server.Fail(request => request.Path.Contains("leases", StringComparison.Ordinal), 500, "InternalError", times: int.MaxValue);

        await _time.PassUntilAsync("the lease is lost", () => first.Outcome.IsCompleted);
        Assert.Multiple(() =>
        {
            Assert.That(first.Outcome.Result, Is.EqualTo(LeaderOutcome.Lost));
            Assert.That(first.Election.IsLeader, Is.False);
            Assert.That(first.WorkIsRunning, Is.False);
        });
    }

    [Test]
    public async Task Renew_ServerNeverAnswers_LeaseIsLostAtTheDeadline()
    {
        await using var first = new Candidate(Server, "first", _time);
        await LeadsAsync(first);

        Server.Hang(request => request.Path.Contains("leases", StringComparison.Ordinal), times: int.MaxValue);

        await _time.PassUntilAsync("the lease is lost", () => first.Outcome.IsCompleted);
        Assert.That(first.Outcome.Result, Is.EqualTo(LeaderOutcome.Lost));
    }

    [Test]
    public async Task Renew_ServerFailsForAWhile_LeadershipSurvives()
    {
        await using var first = new Candidate(Server, "first", _time);
        await LeadsAsync(first);
        var renewals = Renewals();

        Server.Fail(request => request.Method == "PUT", 503, "ServiceUnavailable", times: 2);

        await _time.PassUntilAsync("renewals after the failures", () => Renewals() > renewals + 1);
        Assert.That(first.Election.IsLeader, Is.True);
    }

    [Test]
    public async Task Renew_AnotherHolderAppears_LeaseIsLostAtOnce()
    {
        await using var first = new Candidate(Server, "first", _time);
        await LeadsAsync(first);

        PutLease("thief");
        _time.Advance(TimeSpan.FromSeconds(2));

        // The clock stands at one retry period, well before the deadline.
        await Eventually.TrueAsync("the lease is lost", () => first.Outcome.IsCompleted);
        Assert.Multiple(() =>
        {
            Assert.That(first.Outcome.Result, Is.EqualTo(LeaderOutcome.Lost));
            Assert.That(Holder(), Is.EqualTo("thief"));
        });
    }

    [Test]
    public async Task IsLeader_ProcessWasFrozen_IsFalseByTimeAlone()
    {
        await using var first = new Candidate(Server, "first", _time);
        await LeadsAsync(first);
        Server.Hang(request => request.Path.Contains("leases", StringComparison.Ordinal), times: int.MaxValue);

        _time.Advance(TimeSpan.FromSeconds(10));

        Assert.That(first.Election.IsLeader, Is.False);
    }

    [Test]
    public async Task Renew_Always_KeepsAcquireTimeAndTransitionsAndMovesRenewTime()
    {
        await using var first = new Candidate(Server, "first", _time);
        await LeadsAsync(first);
        var acquired = Lease()["spec"]!;
        var renewals = Renewals();

        await _time.PassUntilAsync("a renewal", () => Renewals() > renewals);

        var renewed = Lease()["spec"]!;
        Assert.Multiple(() =>
        {
            Assert.That((string?)renewed["acquireTime"], Is.EqualTo((string?)acquired["acquireTime"]));
            Assert.That((int?)renewed["leaseTransitions"], Is.EqualTo((int?)acquired["leaseTransitions"]));
            Assert.That((string?)renewed["renewTime"], Is.Not.EqualTo((string?)acquired["renewTime"]));
            Assert.That((int?)renewed["leaseDurationSeconds"], Is.EqualTo(15));
        });
    }

    [Test]
    public async Task Stop_Candidate_EndsWithoutTheLease()
    {
        PutLease("other");
        await using var first = new Candidate(Server, "first", _time);

        await first.StopAsync();

        Assert.That(await first.Outcome.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System), Is.EqualTo(LeaderOutcome.Stopped));
        Assert.That(Holder(), Is.EqualTo("other"));
    }

    private Task LeadsAsync(Candidate candidate) =>
        _time.PassUntilAsync("it leads", () => candidate.Election.IsLeader && candidate.WorkIsRunning);

    private void PutLease(string? holder) => Server.Cluster.Put(Candidate.Resource, "system", "lease", new JsonObject
    {
        ["apiVersion"] = "coordination.k8s.io/v1",
        ["kind"] = "Lease",
        ["spec"] = new JsonObject
        {
            ["holderIdentity"] = holder,
            ["leaseDurationSeconds"] = 15,
            ["leaseTransitions"] = 7,
            ["renewTime"] = _time.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture),
        },
    });

    private JsonObject Lease() => Server.Cluster.Get(Candidate.Resource, "system", "lease")!;

    private string? Holder() => (string?)Lease()["spec"]!["holderIdentity"];

    private int Renewals() => Server.Requests.Count(request => request.Method == "PUT");
}
