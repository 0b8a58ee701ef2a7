using AgentOperator.Integration.Support;

namespace AgentOperator.Integration.Clusters;

/// <summary>What the end-to-end tests apply, asked of the server at hand: it takes the version and its fields.</summary>
public sealed class ServedVersionsTests
{
    [Test]
    public async Task Starvation_OfTheServedVersion_IsTaken()
    {
        var version = ApiVersions.Parse(await ControlPlane.KubectlAsync("api-versions")).Newest(FlowControl.Group);

        var applied = await ControlPlane.KubectlWithInputAsync(
            FlowControl.Starvation(version, "operators"), "apply", "--dry-run=server", "--output", "name", "-f", "-");

        Assert.That(applied.Split('\n', StringSplitOptions.RemoveEmptyEntries), Has.Length.EqualTo(3));
    }
}
