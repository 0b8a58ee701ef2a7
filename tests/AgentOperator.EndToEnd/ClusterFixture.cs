namespace AgentOperator.EndToEnd;

/// <summary>Starts the cluster before the first test. It is left running, so that the next time is quick; <c>make down</c> removes it.</summary>
[SetUpFixture]
public sealed class ClusterFixture
{
    private static TestCluster? cluster;

    internal static TestCluster Cluster => cluster ?? throw new InvalidOperationException("The cluster is not started.");

    [OneTimeSetUp]
    public async Task StartClusterAsync() => cluster = await TestCluster.StartAsync(TestContext.Progress);

    [OneTimeTearDown]
    public void CloseClient() => cluster?.Client.Dispose();
}
