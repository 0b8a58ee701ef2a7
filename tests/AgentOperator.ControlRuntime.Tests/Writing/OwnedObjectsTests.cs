using AgentOperator.ControlRuntime.Tests.FakeApi;
using k8s;
using k8s.Autorest;
using k8s.Models;

namespace AgentOperator.ControlRuntime.Tests.Writing;

internal sealed class OwnedObjectsTests
{
    private FakeApiServer _server = null!;
    private IKubernetes _client = null!;

    [SetUp]
    public async Task SetUp()
    {
        _server = await FakeApiServer.StartNewAsync();
        _client = _server.CreateClient();
    }

    [TearDown]
    public async Task TearDown()
    {
        _client.Dispose();
        await _server.DisposeAsync();
    }

    [Test]
    public async Task CreateOnce_CalledAgainAfterTheAnswerWasLost_FindsTheFirstOnesWork()
    {
        var first = await CreateAsync("uid-1");

        var second = await CreateAsync("uid-1");

        Assert.That(second.Metadata.Uid, Is.EqualTo(first.Metadata.Uid));
    }

    [Test]
    public async Task CreateOnce_NameBelongsToAnotherOwner_Throws()
    {
        await CreateAsync("uid-1");

        Assert.That(async () => await CreateAsync("uid-2"), Throws.TypeOf<NameTakenException>().With.Property(nameof(NameTakenException.Key)).EqualTo(new ObjectKey("team", "run-1")));
    }

    [Test]
    public void CreateOnce_ServerRefuses_Throws()
    {
        _server.Fail(request => request.Method == "POST", 409, "Conflict");

        Assert.That(async () => await CreateAsync("uid-1"), Throws.TypeOf<HttpOperationException>());
    }

    private Task<V1Pod> CreateAsync(string ownerUid) => OwnedObjects.CreateOnceAsync(
        cancellationToken => _client.CoreV1.CreateNamespacedPodAsync(Pod(ownerUid), "team", cancellationToken: cancellationToken),
        cancellationToken => _client.CoreV1.ReadNamespacedPodAsync("run-1", "team", cancellationToken: cancellationToken),
        ownerUid,
        CancellationToken.None);

    private static V1Pod Pod(string ownerUid) => new()
    {
        Metadata = new V1ObjectMeta
        {
            Name = "run-1",
            NamespaceProperty = "team",
            OwnerReferences = [new V1OwnerReference { ApiVersion = "test.dev/v1", Kind = "Run", Name = "run", Uid = ownerUid, Controller = true }],
        },
    };
}
