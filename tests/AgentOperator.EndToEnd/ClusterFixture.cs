namespace AgentOperator.EndToEnd;

/// <summary>Starts the cluster before the first test. It is left running, so that the next time is quick; <c>make down</c> removes it.</summary>
[SetUpFixture]
public sealed class ClusterFixture
{
    private static TestCluster? _cluster;

    internal static TestCluster Cluster => _cluster ?? throw new InvalidOperationException("The cluster is not started.");

    [OneTimeSetUp]
    public async Task StartClusterAsync() => _cluster = await TestCluster.StartAsync(TestContext.Progress);

    [OneTimeTearDown]
    public void CloseClient() => _cluster?.Client.Dispose();
}
