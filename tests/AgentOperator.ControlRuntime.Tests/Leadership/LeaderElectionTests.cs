using System.Globalization;
using System.Text.Json.Nodes;
using AgentOperator.ControlRuntime.Tests.FakeApi;
using AgentOperator.ControlRuntime.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace AgentOperator.ControlRuntime.Tests.Leadership;

internal sealed class LeaderElectionTests
{
    private FakeApiServer _server = null!;
    private FakeTimeProvider _time = null!;

    [SetUp]
    public async Task StartServer()
    {
        _server = await FakeApiServer.StartNewAsync();
        _time = new FakeTimeProvider();
    }

    [TearDown]
    public async Task StopServer() => await _server.DisposeAsync();

    [Test]
    public async Task Acquire_NoLease_MakesOneAndLeads()
    {
        await using var first = new Candidate(_server, "first", _time);

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

        await using var first = new Candidate(_server, "first", _time);

        await LeadsAsync(first);
        Assert.That((int?)Lease()["spec"]!["leaseTransitions"], Is.EqualTo(8));
    }

    [Test]
    public async Task Acquire_LeaseWithoutASpec_IsTaken()
    {
        _server.Cluster.Put(Candidate.Resource, "system", "lease", []);

        await using var first = new Candidate(_server, "first", _time);

        await LeadsAsync(first);
    }

    [Test]
    public async Task Acquire_HeldByAProcessThatDied_IsTakenAfterTheLeaseDurationAndNotBefore()
    {
        PutLease("dead");
        await using var first = new Candidate(_server, "first", _time);
        await Eventually.BeTrueAsync(() => first.Election.Leader == "dead", "the lease is seen");
        var seen = _time.GetUtcNow();

        await LeadsAsync(first);

        Assert.That(_time.GetUtcNow() - seen, Is.GreaterThanOrEqualTo(TimeSpan.FromSeconds(15)));
    }

    [Test]
    public async Task Acquire_TwoCandidates_OneLeads()
    {
        await using var first = new Candidate(_server, "first", _time);
        await LeadsAsync(first);
        await using var second = new Candidate(_server, "second", _time);
        await Eventually.BeTrueAsync(() => second.Election.Leader == "first", "the second sees the first");

        // Three lease durations, in steps that leave the first time to renew.
        var until = _time.GetUtcNow().AddSeconds(45);
        while (_time.GetUtcNow() < until)
        {
            var renewals = Renewals();
            await Eventually.BeTrueAsync(_time, () => Renewals() > renewals, "the next renewal");
            Assert.That(second.Election.IsLeader, Is.False);
        }

        Assert.That(first.Election.IsLeader, Is.True);
    }

    [Test]
    public async Task Stop_Leader_DrainsFirstThenReleasesAndTheOtherTakesOverAtOnce()
    {
        await using var first = new Candidate(_server, "first", _time);
        first.Draining = new TaskCompletionSource();
        await LeadsAsync(first);
        await using var second = new Candidate(_server, "second", _time);
        await Eventually.BeTrueAsync(() => second.Election.Leader == "first", "the second sees the first");

        await first.StopAsync();
        var renewals = Renewals();
        await Eventually.BeTrueAsync(_time, () => Renewals() > renewals + 1, "renewals while the work drains");
        Assert.That(Holder(), Is.EqualTo("first"));
        first.Draining.SetResult();
        var outcome = await first.Outcome.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System);
        Assert.That(Holder(), Is.Null);

        _time.Advance(TimeSpan.FromSeconds(3));
        await Eventually.BeTrueAsync(() => second.Election.IsLeader, "the second leads after one retry period");
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
        await using var first = new Candidate(_server, "first", _time);
        await LeadsAsync(first);

        _server.Fail(request => request.Path.Contains("leases", StringComparison.Ordinal), 500, "InternalError", times: int.MaxValue);

        await Eventually.BeTrueAsync(_time, () => first.Outcome.IsCompleted, "the lease is lost");
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
        await using var first = new Candidate(_server, "first", _time);
        await LeadsAsync(first);

        _server.Hang(request => request.Path.Contains("leases", StringComparison.Ordinal), times: int.MaxValue);

        await Eventually.BeTrueAsync(_time, () => first.Outcome.IsCompleted, "the lease is lost");
        Assert.That(first.Outcome.Result, Is.EqualTo(LeaderOutcome.Lost));
    }

    [Test]
    public async Task Renew_ServerFailsForAWhile_LeadershipSurvives()
    {
        await using var first = new Candidate(_server, "first", _time);
        await LeadsAsync(first);
        var renewals = Renewals();

        _server.Fail(request => request.Method == "PUT", 503, "ServiceUnavailable", times: 2);

        await Eventually.BeTrueAsync(_time, () => Renewals() > renewals + 1, "renewals after the failures");
        Assert.That(first.Election.IsLeader, Is.True);
    }

    [Test]
    public async Task Renew_AnotherHolderAppears_LeaseIsLostAtOnce()
    {
        await using var first = new Candidate(_server, "first", _time);
        await LeadsAsync(first);

        PutLease("thief");
        _time.Advance(TimeSpan.FromSeconds(2));

        // The clock stands at one retry period, well before the deadline.
        await Eventually.BeTrueAsync(() => first.Outcome.IsCompleted, "the lease is lost");
        Assert.Multiple(() =>
        {
            Assert.That(first.Outcome.Result, Is.EqualTo(LeaderOutcome.Lost));
            Assert.That(Holder(), Is.EqualTo("thief"));
        });
    }

    [Test]
    public async Task IsLeader_ProcessWasFrozen_IsFalseByTimeAlone()
    {
        await using var first = new Candidate(_server, "first", _time);
        await LeadsAsync(first);
        _server.Hang(request => request.Path.Contains("leases", StringComparison.Ordinal), times: int.MaxValue);

        _time.Advance(TimeSpan.FromSeconds(10));

        Assert.That(first.Election.IsLeader, Is.False);
    }

    [Test]
    public async Task Renew_Always_KeepsAcquireTimeAndTransitionsAndMovesRenewTime()
    {
        await using var first = new Candidate(_server, "first", _time);
        await LeadsAsync(first);
        var acquired = Lease()["spec"]!;
        var renewals = Renewals();

        await Eventually.BeTrueAsync(_time, () => Renewals() > renewals, "a renewal");

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
        await using var first = new Candidate(_server, "first", _time);

        await first.StopAsync();

        Assert.That(await first.Outcome.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System), Is.EqualTo(LeaderOutcome.Stopped));
        Assert.That(Holder(), Is.EqualTo("other"));
    }

    private Task LeadsAsync(Candidate candidate) =>
        Eventually.BeTrueAsync(_time, () => candidate.Election.IsLeader && candidate.WorkIsRunning, "it leads");

    private void PutLease(string? holder) => _server.Cluster.Put(Candidate.Resource, "system", "lease", new JsonObject
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

    private JsonObject Lease() => _server.Cluster.Get(Candidate.Resource, "system", "lease")!;

    private string? Holder() => (string?)Lease()["spec"]!["holderIdentity"];

    private int Renewals() => _server.Requests.Count(request => request.Method == "PUT");
}
