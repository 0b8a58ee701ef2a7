using AgentOperator.ModelServer.Calls;
using AgentOperator.ModelServer.Tests.Support;

namespace AgentOperator.ModelServer.Tests;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class PersistenceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ModelServerOptions _options;

    public PersistenceTests()
    {
        File.WriteAllText(_folder.File("script.yaml"), "steps: [{text: a, repeat: 2, faults: [{status: 500, times: 2}]}]");
        _options = new() { ScenariosDirectory = _folder.Path, LogFile = _folder.File("log.jsonl"), EffectsFile = _folder.File("effects.jsonl") };
    }

    public void Dispose() => _folder.Dispose();

    [Test]
    public async Task Restart_LogAndFaultCountsAndEffects_GoOn()
    {
        var first = await PlayAsync(new ChatRequestBuilder("script"), effectKey: "k");
        var second = await PlayAsync(new ChatRequestBuilder("script"), effectKey: "k");
        var third = await PlayAsync(new ChatRequestBuilder("script"), effectKey: "k2");

        Assert.That((first.Status, second.Status, third.Status), Is.EqualTo((500, 500, 200)), "two faults, across two restarts, then the answer");
        Assert.That(third.Calls.Select(call => (call.Number, call.Outcome)), Is.EqualTo(new[]
        {
            (1L, CallOutcome.Fault), (2L, CallOutcome.Fault), (3L, CallOutcome.Answered),
        }));
        Assert.That((third.Effects, third.Duplicates), Is.EqualTo((3, 1)));
    }

    [Test]
    public async Task Restart_RecordsAreEqual()
    {
        var before = await PlayAsync(new ChatRequestBuilder("script"), effectKey: "k");
        await using var server = await ModelServerHost.StartAsync(_options);

        Assert.That(server.Log.List(), Is.EqualTo(before.Calls));
    }

    [Test]
    public async Task Restart_LastLineUnfinished_IsCutOff()
    {
        await PlayAsync(new ChatRequestBuilder("script"), effectKey: "k");

        // Longer than the line that comes next, so that writing over it would not hide it.
        await File.AppendAllTextAsync(_options.LogFile!, "{\"n\":2,\"run\":\"" + new string('x', 5000));

        var after = await PlayAsync(new ChatRequestBuilder("script"), effectKey: "k");

        Assert.That(after.Calls.Select(call => call.Number), Is.EqualTo(new[] { 1, 2 }));
        Assert.That(await File.ReadAllLinesAsync(_options.LogFile!), Has.Length.EqualTo(2));
    }

    [Test]
    public async Task Restart_LineDamaged_StopsTheStartAndSaysWhere()
    {
        await PlayAsync(new ChatRequestBuilder("script"), effectKey: "k");
        await File.AppendAllTextAsync(_options.LogFile!, "no json\n");

        Assert.That(
            async () => await ModelServerHost.StartAsync(_options), Throws.InstanceOf<InvalidDataException>().With.Message.Contains("line 2"));
    }

    [Test]
    public async Task Clear_EmptiesTheFiles()
    {
        await PlayAsync(new ChatRequestBuilder("script"), effectKey: "k");
        await using (var server = await ModelServerHost.StartAsync(_options))
        {
            server.Log.Clear();
            server.Effects.Clear();
        }

        await using var restarted = await ModelServerHost.StartAsync(_options);

        Assert.That(restarted.Log.List(), Is.Empty);
        Assert.That(restarted.Effects.List().Count, Is.Zero);
    }

    [Test]
    public async Task Append_LineIsInTheFileBeforeTheServerStops()
    {
        await using var server = await ModelServerHost.StartAsync(_options);
        using var client = new HttpClient { BaseAddress = server.BaseUri };
        using var response = await client.PostAsync("effects/charge?key=k", null);

        using var reader = new StreamReader(new FileStream(_options.EffectsFile!, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        Assert.That(await reader.ReadToEndAsync(), Does.Contain("\"charge\"").And.EndsWith("\n"));
    }

    private async Task<(int Status, IReadOnlyList<CallRecord> Calls, int Effects, int Duplicates)> PlayAsync(
        ChatRequestBuilder request, string effectKey)
    {
        await using var server = await ModelServerHost.StartAsync(_options);
        using var client = new HttpClient { BaseAddress = server.BaseUri };
        using var response = await client.PostAsync("v1/chat/completions", request.Content());
        using var effect = await client.PostAsync($"effects/charge?key={effectKey}", null);
        var effects = server.Effects.List();
        return ((int)response.StatusCode, server.Log.List(), effects.Count, effects.Duplicates);
    }
}
