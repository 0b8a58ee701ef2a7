using AgentOperator.ControlRuntime;
using AgentOperator.Integration.Support;
using k8s;
using k8s.Autorest;
using k8s.Models;

namespace AgentOperator.Integration.ControlRuntime;

internal sealed class LeadershipTests
{
    private readonly List<CandidateProcess> _candidates = [];
    private TestNamespace _namespace = null!;

    [SetUp]
    public async Task CreateNamespace() => _namespace = await ControlPlane.CreateNamespaceAsync();

    [TearDown]
    public async Task EndProcesses()
    {
        _candidates.ForEach(candidate => candidate.Dispose());
        _candidates.Clear();
        await _namespace.DisposeAsync();
    }

    [Test]
    public async Task TwoCandidates_LeaderIsStoppedGracefully_OtherTakesOverBeforeTheLeaseCouldExpire()
    {
        var first = await StartLeaderAsync("first");
        var second = Start("second");

        await first.SignalAsync("TERM");
        await Soon.BeTrueAsync(() => first.HasExited, "the leader ends");
        var released = await LeaseAsync();
        await Soon.BeTrueAsync(async () => await HolderAsync() == "second", "the second leads");
        var taken = await LeaseAsync();

        Assert.Multiple(() =>
        {
            Assert.That(first.ExitCode, Is.Zero);
            Assert.That(released!.Spec.HolderIdentity, Is.Null.Or.EqualTo("second"), "the lease was released before the process ended");
            Assert.That(taken!.Spec.LeaseTransitions, Is.EqualTo(1));
            Assert.That(second.HasExited, Is.False);
        });
    }

    [Test]
    public async Task TwoCandidates_LeaderIsKilled_OtherTakesOverAfterTheLease()
    {
        var first = await StartLeaderAsync("first");
        Start("second");
        var held = await LeaseAsync();

        await first.SignalAsync("KILL");

        await Soon.BeTrueAsync(async () => await HolderAsync() == "second", "the second leads");
        var taken = await LeaseAsync();
        Assert.That(
            taken!.Spec.AcquireTime - held!.Spec.RenewTime, Is.GreaterThanOrEqualTo(TimeSpan.FromSeconds(4)), "not before the lease had expired");
    }

    [Test]
    public async Task TwoCandidates_LeaderIsFrozenAndWakes_LeavesTheLeaseToTheOtherUntilThatOneGoes()
    {
        var first = await StartLeaderAsync("first");
        var second = Start("second");

        await first.SignalAsync("STOP");
        await Soon.BeTrueAsync(async () => await HolderAsync() == "second", "the second leads");
        await first.SignalAsync("CONT");

        await Soon.BeTrueAsync(() => !first.Leads, "the first leads no more");
        Assert.That(await HolderAsync(), Is.EqualTo("second"));

        await second.SignalAsync("TERM");
        await Soon.BeTrueAsync(async () => await HolderAsync() == "first" && first.Leads, "the first leads again");
        Assert.That(first.HasExited, Is.False, "what else the process does goes on all the while");
    }

    [TestCase("kill", "start")]
    [TestCase("pause", "continue")]
    public async Task Leader_ApiServerIsAwayLongerThanTheDeadline_LeadsNoMoreUntilItIsBack(string away, string back)
    {
        ControlPlane.RequireOurs();
        var first = await StartLeaderAsync("first");

        await ControlPlane.ControlAsync(away, "kube-apiserver");
        try
        {
            await Soon.BeTrueAsync(() => !first.Leads, "the leader leads no more");
        }
        finally
        {
            await ControlPlane.ControlAsync(back, "kube-apiserver");
            await ControlPlane.ReadyAsync();
        }

        await Soon.BeTrueAsync(() => first.Leads, "it leads again");
        Assert.That(first.HasExited, Is.False, "what else the process does goes on all the while");
    }

    private CandidateProcess Start(string identity)
    {
        var candidate = new CandidateProcess(_namespace.Name, identity);
        _candidates.Add(candidate);
        return candidate;
    }

    private async Task<CandidateProcess> StartLeaderAsync(string identity)
    {
        var candidate = Start(identity);
        await Soon.BeTrueAsync(async () => await HolderAsync() == identity && candidate.Leads, $"{identity} leads");
        return candidate;
    }

    private async Task<string?> HolderAsync() => (await LeaseAsync())?.Spec.HolderIdentity;

    private async Task<V1Lease?> LeaseAsync()
    {
        try
        {
            return await ControlPlane.Client.CoordinationV1.ReadNamespacedLeaseAsync("agent-operator", _namespace.Name);
        }
        catch (HttpOperationException exception) when (exception.IsNotFound())
        {
            return null;
        }
    }
}
