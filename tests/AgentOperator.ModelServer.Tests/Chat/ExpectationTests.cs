using System.Text.Json.Nodes;
using AgentOperator.ModelServer.Calls;
using AgentOperator.ModelServer.Tests.Support;

namespace AgentOperator.ModelServer.Tests.Chat;

internal sealed class ExpectationTests : ModelServerFixture
{
    [SetUp]
    public void Expect() => Script("steps: [{text: a}, {text: b, expect: {role: tool, contains: 'result {{step}}'}}]");

    [Test]
    public async Task Post_ExpectedMessage_IsAnswered() => await AnswerAsync(Ask().Steps(1, "the result 1 came"));

    [Test]
    public async Task Post_ExpectedMessageInParts_IsAnswered() => await AnswerAsync(Ask().Steps(1).Message(new JsonObject
    {
        ["role"] = "tool",
        ["content"] = new JsonArray(new JsonObject { ["type"] = "text", ["text"] = "the result 1" }),
    }));

    [Test]
    public async Task Post_OtherText_Answers400WithWhatWasExpectedAndNotWhatCame()
    {
        var (status, code, message) = await ErrorAsync(Ask().Steps(1, "my secret"));

        Assert.That((status, code), Is.EqualTo((400, "unexpected_message")));
        Assert.That(message, Does.Contain("'result 1'").And.Not.Contain("secret"));
        Assert.That(Server.Log.List()[0].Outcome, Is.EqualTo(CallOutcome.Rejected));
    }

    [Test]
    public async Task Post_OtherRole_Answers400WithTheExpectedRole()
    {
        var (status, _, message) = await ErrorAsync(Ask().Steps(1).Message(new JsonObject { ["role"] = "user", ["content"] = "result 1" }));

        Assert.That(status, Is.EqualTo(400));
        Assert.That(message, Does.Contain("role 'tool', not 'user'"));
    }
}
