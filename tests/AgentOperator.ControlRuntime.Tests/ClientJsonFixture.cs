namespace AgentOperator.ControlRuntime.Tests;

/// <summary>Reads JSON as the operator does. The options cannot be set once a test has read any.</summary>
[SetUpFixture]
internal sealed class ClientJsonFixture
{
    [OneTimeSetUp]
    public void Configure() => ClientJson.Configure();
}
