using k8s;

namespace AgentOperator.ControlRuntime.Tests.Support;

/// <summary>Tests on a fake API server of their own.</summary>
internal abstract class FakeApiTests
{
    protected FakeApiServer Server { get; private set; } = null!;

    protected IKubernetes Client { get; private set; } = null!;

    [SetUp]
    public async Task StartServerAsync()
    {
        Server = await FakeApiServer.StartNewAsync();
        Client = Server.CreateClient();
    }

    [TearDown]
    public async Task StopServerAsync()
    {
        Client.Dispose();
        await Server.DisposeAsync();
    }

    /// <summary>Stores a widget in the namespace <c>default</c>.</summary>
    protected void Put(string name, int size = 1) => Server.Cluster.Put(Widget.Resource, "default", name, Widget.Json(size));

    protected void Delete(string name) => Server.Cluster.Delete(Widget.Resource, "default", name);
}
