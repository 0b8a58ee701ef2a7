namespace AgentOperator.EndToEnd.Nodes;

/// <summary>
/// Starts the guests before the first test that needs them, while tests on the cluster's own node run. The guests keep running afterwards.
/// </summary>
[SetUpFixture]
public sealed class GuestFixture
{
    private static GuestNodes? _guests;

    internal static GuestNodes Guests => _guests ?? throw new InvalidOperationException("The guests are not started.");

    /// <summary>Why there are none; null when there are.</summary>
    internal static string? Missing { get; private set; }

    [OneTimeSetUp]
    public async Task StartGuestsAsync()
    {
        if (TestCluster.IsLocal)
        {
            _guests = new GuestNodes(ClusterFixture.Cluster.Name);
            Missing = await _guests.StartAsync(TestContext.Progress);
        }
    }
}
