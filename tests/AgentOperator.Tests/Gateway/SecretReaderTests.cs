using System.Text;
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

    private Task<string?> ReadAsync(string key) =>
        _services.GetRequiredService<ISecretReader>().ReadAsync(AgentRunBuilder.Namespace, "provider", key, CancellationToken.None);

    private void Put(string key, string value) => _secrets.Put(new V1Secret
    {
        Metadata = new V1ObjectMeta { Name = "provider", NamespaceProperty = AgentRunBuilder.Namespace },
        Data = new Dictionary<string, byte[]> { [key] = Encoding.UTF8.GetBytes(value) },
    });
}
