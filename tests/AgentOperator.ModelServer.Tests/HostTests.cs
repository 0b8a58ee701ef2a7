namespace AgentOperator.ModelServer.Tests;

internal sealed class HostTests
{
    [Test]
    public async Task StartAsync_TwoServers_AreApart()
    {
        await using var one = await ModelServerHost.StartAsync();
        await using var two = await ModelServerHost.StartAsync();
        using var client = new HttpClient();

        using var response = await client.PostAsync(new Uri(one.BaseUri, "effects/charge"), null);

        Assert.That(one.BaseUri, Is.Not.EqualTo(two.BaseUri));
        Assert.That((one.Effects.List().Count, two.Effects.List().Count), Is.EqualTo((1, 0)));
    }

    [Test]
    public async Task StartAsync_AddressInUse_Throws()
    {
        await using var server = await ModelServerHost.StartAsync();

        Assert.That(async () => await ModelServerHost.StartAsync(new() { Urls = server.BaseUri.ToString() }), Throws.InstanceOf<IOException>());
    }

    [Test]
    public async Task StartAsync_AfterDispose_TakesTheSameAddressAgain()
    {
        var server = await ModelServerHost.StartAsync();
        await server.DisposeAsync();

        await using var again = await ModelServerHost.StartAsync(new() { Urls = server.BaseUri.ToString() });

        Assert.That(again.BaseUri, Is.EqualTo(server.BaseUri));
    }
}
