namespace AgentOperator.Api.Tests;

/// <summary>Defaults of different resources that have to fit.</summary>
public sealed class DefaultsTests
{
    /// <summary>The gateway tries a request that takes too long twice. A runner that is as patient hears what came of it.</summary>
    [Test]
    public void StepTimeout_ByDefault_IsLongerThanAWholeCallOfAnEndpoint() => Assert.That(
        new LimitsSpec().StepTimeoutSeconds, Is.GreaterThan(2 * new ModelEndpointSpec { BaseUrl = "https://models.example/v1" }.TimeoutSeconds));
}
