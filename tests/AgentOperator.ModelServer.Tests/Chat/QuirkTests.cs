using System.Text;
using System.Text.Json;
using System.Text.Unicode;
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

    [Test]
    public async Task TextBeyondAscii_IsUtf8AsItIs()
    {
        Script(EmojiScript(""));

        Assert.That(await BodyAsync(), Does.Contain("\"All done! ä漢🎉 \\\\ud83c\\\\udf89\""));
    }

    [Test]
    public async Task EscapedText_IsAscii()
    {
        Script(EmojiScript("escapedText"));

        var body = await BodyAsync();

        Assert.That(Ascii.IsValid(body), Is.True, body);
        Assert.That(body.ToUpperInvariant(), Does.Contain(@"\U00E4\U6F22\UD83C\UDF89"));
    }

    [Test]
    public async Task HalfCharacter_EndsInTheEscapeOfAHalf()
    {
        Script(EmojiScript("halfCharacter"));

        Assert.That(await BodyAsync(), Does.Contain("\\ud83c\","));
    }

    [Test]
    public async Task InvalidUtf8_EndsInAByteThatIsNone()
    {
        Script(EmojiScript("invalidUtf8"));

        using var response = await PostAsync(Ask());

        Assert.That(Utf8.IsValid(await response.Content.ReadAsByteArrayAsync()), Is.False);
    }

    private static string EmojiScript(string quirk) => $$"""steps: [{quirks: [{{quirk}}], text: 'All done! ä漢🎉 \ud83c\udf89'}]""";

    private async Task<string> BodyAsync()
    {
        using var response = await PostAsync(Ask());
        return await response.Content.ReadAsStringAsync();
    }

    private void ScriptQuirk(string quirk) =>
        Script($"steps: [{{quirks: [{quirk}], toolCalls: [{{name: shell, arguments: {{command: ls -l}}}}]}}]");
}
