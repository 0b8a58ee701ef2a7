using System.Text.Json;
using AgentOperator.ModelServer.Tests.Support;

namespace AgentOperator.ModelServer.Tests.Chat;

internal sealed class QuirkTests : ModelServerFixture
{
    [Test]
    public async Task EmptyFinishReason_IsTheEmptyString()
    {
        ScriptQuirk("emptyFinishReason");

        Assert.That((string?)Choice(await AnswerAsync(Ask()))["finish_reason"], Is.Empty);
    }

    [Test]
    public async Task ArgumentsAsObject_AreAnObject()
    {
        ScriptQuirk("argumentsAsObject");

        Assert.That((string?)Call(await AnswerAsync(Ask()))["function"]!["arguments"]!["command"], Is.EqualTo("ls -l"));
    }

    [Test]
    public async Task EmptyArguments_AreTheEmptyString()
    {
        ScriptQuirk("emptyArguments");

        Assert.That((string?)Call(await AnswerAsync(Ask()))["function"]!["arguments"], Is.Empty);
    }

    [Test]
    public async Task TruncatedArguments_AreNoJsonAndFinishByLength()
    {
        ScriptQuirk("truncatedArguments");

        var answer = await AnswerAsync(Ask());

        Assert.That((string?)Choice(answer)["finish_reason"], Is.EqualTo("length"));
        Assert.That(() => JsonDocument.Parse((string)Call(answer)["function"]!["arguments"]!), Throws.InstanceOf<JsonException>());
    }

    [Test]
    public async Task MissingCallId_HasNoId()
    {
        ScriptQuirk("missingCallId");

        Assert.That(Call(await AnswerAsync(Ask())).AsObject().ContainsKey("id"), Is.False);
    }

    [Test]
    public async Task MissingUsage_HasNoUsage()
    {
        ScriptQuirk("missingUsage");

        Assert.That((await AnswerAsync(Ask())).AsObject().ContainsKey("usage"), Is.False);
    }

    [Test]
    public async Task FinishReasonStopWithCalls_IsStopAndHasCalls()
    {
        ScriptQuirk("finishReasonStopWithCalls");

        var answer = await AnswerAsync(Ask());

        Assert.That((string?)Choice(answer)["finish_reason"], Is.EqualTo("stop"));
        Assert.That((string?)Call(answer)["function"]!["name"], Is.EqualTo("shell"));
    }

    private void ScriptQuirk(string quirk) =>
        Script($"steps: [{{quirks: [{quirk}], toolCalls: [{{name: shell, arguments: {{command: ls -l}}}}]}}]");
}
