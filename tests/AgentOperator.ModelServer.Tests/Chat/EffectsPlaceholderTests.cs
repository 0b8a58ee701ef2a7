using AgentOperator.ModelServer.Tests.Support;

namespace AgentOperator.ModelServer.Tests.Chat;

internal sealed class EffectsPlaceholderTests : ModelServerFixture
{
    [Test]
    public async Task Post_NoEffectsUrl_IsTheServersOwnLedger()
    {
        Script("steps: [{text: '{{effects}}/charge'}]");
        var url = (string?)Choice(await AnswerAsync(Ask()))["message"]!["content"];

        using var response = await Client.PostAsync(url, null);

        Assert.That(Server.Effects.List("charge").Count, Is.EqualTo(1));
    }
}
