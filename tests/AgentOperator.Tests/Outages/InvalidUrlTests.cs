using AgentOperator.Api;

namespace AgentOperator.Tests.Outages;

/// <summary>A ModelEndpoint whose URL the API server took all the same, because it has no CEL or the rule is newer than the object.</summary>
[TestFixture]
internal sealed class InvalidUrlTests
{
    private static readonly TimeSpan AMoment = TimeSpan.FromSeconds(5);

    [TestCase("http://h:99999/v1", null, "spec.baseUrl: port 99999 is not in 1..65535")]
    [TestCase("http://[::1/v1", null, "spec.baseUrl: the '[' of its host is not closed")]
    [TestCase("https://model", "http://proxy:0", "spec.proxyUrl: port 0 is not in 1..65535")]
    public async Task Run_UrlCannotBeRequested_WaitsWithFieldAndPartAndGoesOnWhenItIsMended(string baseUrl, string? proxyUrl, string problem)
    {
        using var world = new OutageWorld(runs: 2);
        world.Provider.Answer = _ => FailingProvider.Completion();
        world.ChangeEndpoint(spec => spec with { BaseUrl = baseUrl, ProxyUrl = proxyUrl });
        await world.PassAsync(AMoment);

        Assert.Multiple(() =>
        {
            Assert.That(
                world.Statuses.Select(status => status.FindCondition(ConditionTypes.Running)!),
                Has.All.Matches<Condition>(running => running is { Status: "False", Reason: Reasons.InvalidModelEndpoint })
                    .And.Property(nameof(Condition.Message)).Contains(problem));
            Assert.That((world.Available.Status, world.Available.Reason), Is.EqualTo(("False", Reasons.InvalidModelEndpoint)));
            Assert.That(world.Available.Message, Does.Contain(problem));
            Assert.That((world.AtWork, world.EndpointStatus.RetryAt), Is.EqualTo((0, (DateTimeOffset?)null)));
        });

        world.ChangeEndpoint(spec => spec with { BaseUrl = "https://model", ProxyUrl = null });
        await world.PassUntilAsync(() => world.Statuses.All(status => status.Phase == Phases.Succeeded), TimeSpan.FromSeconds(15));
        Assert.That(world.Available.Status, Is.EqualTo("True"));
    }

    /// <summary>Nobody calls it for now, so nothing else would take back what was said.</summary>
    [Test]
    public async Task Endpoint_UrlIsMendedAndNoRunUsesIt_IsNotCalledInvalidAnyMore()
    {
        using var world = new OutageWorld(runs: 0);
        world.ChangeEndpoint(spec => spec with { BaseUrl = "http://h:99999/v1" });
        await world.PassAsync(AMoment);
        Assert.That(world.Available.Reason, Is.EqualTo(Reasons.InvalidModelEndpoint));

        world.ChangeEndpoint(spec => spec with { BaseUrl = "https://model" });
        await world.PassAsync(AMoment);

        Assert.That((world.Available.Status, world.Available.Reason), Is.EqualTo(("Unknown", Reasons.NotCalled)));
    }
}
