using System.Text;
using AgentOperator.Api;
using AgentOperator.Gateway.Models;
using AgentOperator.Tests.Runs;
using k8s.Models;
using Microsoft.Extensions.DependencyInjection;

namespace AgentOperator.Tests.Gateway;

internal sealed class SecretReaderTests
{
    private FakeObjects<V1Secret> _secrets = null!;
    private ServiceProvider _services = null!;

    [SetUp]
    public void SetUp()
    {
        var connection = new FakeConnection(new FakeKubernetes());
        _secrets = new FakeObjects<V1Secret>(connection);
        _services = OperatorServices.Operator(connection, TimeProvider.System);
    }

    [TearDown]
    public void TearDown() => _services.Dispose();

    [Test]
    public async Task Read_Value_IsTrimmedAndRemembered()
    {
        Put("key", "secret\n");

        Assert.That(await ReadAsync("key"), Is.EqualTo("secret"));
        var reads = _secrets.Reads;
        Assert.That(await ReadAsync("key"), Is.EqualTo("secret"));
        Assert.That(_secrets.Reads, Is.EqualTo(reads));
    }

    [Test]
    public async Task Read_NoSecretOrNoSuchKey_NullUntilItIsThere()
    {
        Assert.That(await ReadAsync("later"), Is.Null);

        Put("other", "secret");
        Assert.That(await ReadAsync("later"), Is.Null);

        Put("later", "secret");
        Assert.That(await ReadAsync("later"), Is.EqualTo("secret"));
    }

    [Test]
    public async Task Read_Fresh_AsksTheServerAndRemembersWhatItSays()
    {
        Put("key", "old");
        await ReadAsync("key");
        Put("key", "new");

        Assert.That(await ReadAsync("key"), Is.EqualTo("old"));
        var fresh = await ReadAsync("key", isFresh: true);
        Assert.That((fresh, await ReadAsync("key")), Is.EqualTo(("new", "new")));
    }

    [Test]
    public async Task Read_Secret_SaysItsTypeAndTheHostsThatItNames()
    {
        _secrets.Put(new V1Secret
        {
            Metadata = new V1ObjectMeta
            {
                Name = "provider", NamespaceProperty = AgentRunBuilder.Namespace,
                Annotations = new Dictionary<string, string> { [Annotations.EndpointHost] = "a,b" },
            },
            Type = "Opaque",
        });
        var reader = _services.GetRequiredService<ISecretReader>();

        var noSuchKey = await reader.ReadAsync(AgentRunBuilder.Namespace, "provider", "key", isFresh: false, default);
        var noSecret = await reader.ReadAsync(AgentRunBuilder.Namespace, "other", "key", isFresh: false, default);
        Assert.That(noSecret.Version, Is.Not.Empty, "older API servers take an empty string in an apply for null");
        Assert.That((noSuchKey.Mark, noSecret.Mark), Is.EqualTo((new SecretMark("Opaque", "a,b"), (SecretMark?)null)));
    }

    private async Task<string?> ReadAsync(string key, bool isFresh = false)
    {
        var reader = _services.GetRequiredService<ISecretReader>();
        return (await reader.ReadAsync(AgentRunBuilder.Namespace, "provider", key, isFresh, CancellationToken.None)).Text;
    }

    private void Put(string key, string value) => _secrets.Put(new V1Secret
    {
        Metadata = new V1ObjectMeta { Name = "provider", NamespaceProperty = AgentRunBuilder.Namespace },
        Data = new Dictionary<string, byte[]> { [key] = Encoding.UTF8.GetBytes(value) },
    });
}
