using AgentOperator.ModelServer.Tests.Support;

namespace AgentOperator.ModelServer.Tests.Chat;

internal sealed class ConversationTests : ModelServerFixture
{
    [Test]
    public async Task Run_StaysTheSameWhileTheConversationGrows()
    {
        Assert.That(await RunAsync(Ask("tools").System("s").Steps(2)), Is.EqualTo(await RunAsync(Ask("tools").System("s"))));
    }

    [Test]
    public async Task Run_DiffersBySystemTaskAndModel()
    {
        var runs = new[]
        {
            await RunAsync(Ask("tools").System("s").Task("t")),
            await RunAsync(Ask("tools").System("s2").Task("t")),
            await RunAsync(Ask("tools").System("s").Task("t2")),
            await RunAsync(Ask("hello").System("s").Task("t")),
            await RunAsync(Ask("tools").Task("t")),
        };

        Assert.That(runs, Is.Unique);
        Assert.That(runs, Has.All.Match("^[0-9a-f]{16}$"));
    }

    [Test]
    public async Task Run_Header_IsTakenAsItIs() =>
        Assert.That(await RunAsync(Ask("hello"), ("X-Run", "team-a/run.1")), Is.EqualTo("team-a/run.1"));

    [Test]
    public async Task Run_HeaderWithOtherCharacters_Answers400() =>
        Assert.That((await ErrorAsync(Ask("hello"), ("X-Run", "a\"b"))).Message, Does.Contain("X-Run"));

    private async Task<string?> RunAsync(ChatRequestBuilder request, params (string Name, string Value)[] headers)
    {
        using var response = await PostAsync(request, headers);
        return Server.Log.List()[^1].Run;
    }
}
