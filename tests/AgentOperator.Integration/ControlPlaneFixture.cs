using AgentOperator.Integration.Support;

namespace AgentOperator.Integration;

/// <summary>
/// Starts the control plane before the first test of this assembly and ends it after the last. Tests use <see cref="ControlPlane" />.
/// </summary>
[SetUpFixture]
public sealed class ControlPlaneFixture
{
    [OneTimeSetUp]
    public Task StartAsync() => ControlPlane.StartAsync();

    [OneTimeTearDown]
    public Task StopAsync() => ControlPlane.StopAsync();
}
