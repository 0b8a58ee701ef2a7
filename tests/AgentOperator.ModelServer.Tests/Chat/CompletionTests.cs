using System.Text.Json.Nodes;
using AgentOperator.ModelServer.Tests.Support;

namespace AgentOperator.ModelServer.Tests.Chat;

internal sealed class CompletionTests : ModelServerFixture
{
    protected override ModelServerOptions Options => new() { EffectsUrl = "http://ledger.example/effects/" };

    [Test]
    public async Task Post_TextStep_AnswersTheText()
    {
        Script("steps: [{text: Hello.}]");

        var answer = await AnswerAsync(Ask());

        Assert.That((string?)answer["object"], Is.EqualTo("chat.completion"));
        Assert.That((string?)answer["model"], Is.EqualTo("script"));
        Assert.That((string?)Choice(answer)["message"]!["role"], Is.EqualTo("assistant"));
        Assert.That((string?)Choice(answer)["message"]!["content"], Is.EqualTo("Hello."));
        Assert.That(Choice(answer)["message"]!["tool_calls"], Is.Null);
        Assert.That((string?)Choice(answer)["finish_reason"], Is.EqualTo("stop"));
    }

    [Test]
    public async Task Post_ParallelToolCalls_AnswersAllInOrder()
    {
        Script("steps: [{toolCalls: [{name: shell, arguments: {command: ls}}, {name: files, id: mine, arguments: '{\"path\":  \"a\"}'}]}]");

        var answer = await AnswerAsync(Ask());

        Assert.That((string?)Choice(answer)["finish_reason"], Is.EqualTo("tool_calls"));
        Assert.That(Choice(answer)["message"]!["content"], Is.Null);
        Assert.That(Choice(answer)["message"]!["tool_calls"]!.AsArray(), Has.Count.EqualTo(2));
        Assert.That((string?)Call(answer, 0)["id"], Is.EqualTo("call_0_0"));
        Assert.That((string?)Call(answer, 0)["function"]!["name"], Is.EqualTo("shell"));
        Assert.That((string?)Call(answer, 0)["function"]!["arguments"], Is.EqualTo("""{"command":"ls"}"""));
        Assert.That((string?)Call(answer, 1)["id"], Is.EqualTo("mine"));
        Assert.That((string?)Call(answer, 1)["function"]!["arguments"], Is.EqualTo("""{"path":  "a"}"""));
    }

    [Test]
    public async Task Post_AssistantMessages_ChooseTheStep()
    {
        Script("steps: [{text: first}, {text: 'step {{step}} is number {{number}}', repeat: 3}, {text: last}]");

        async Task<string?> TextAsync(int done) => (string?)Choice(await AnswerAsync(Ask().Steps(done)))["message"]!["content"];
        Assert.That(await TextAsync(0), Is.EqualTo("first"));
        Assert.That(await TextAsync(3), Is.EqualTo("step 3 is number 4"));
        Assert.That(await TextAsync(4), Is.EqualTo("last"));
        Assert.That(await TextAsync(1), Is.EqualTo("step 1 is number 2"));
    }

    [Test]
    public async Task Post_Placeholders_AreFilledInTextAndArguments()
    {
        Script("steps: [{text: 'run {{run}}', toolCalls: [{name: shell, arguments: {command: 'wget {{effects}}/charge', n: '{{step}}'}}]}]");

        var answer = await AnswerAsync(Ask(), ("X-Run", "default/run-1"));

        Assert.That((string?)Choice(answer)["message"]!["content"], Is.EqualTo("run default/run-1"));
        Assert.That(
            (string?)Call(answer)["function"]!["arguments"], Is.EqualTo("""{"command":"wget http://ledger.example/effects/charge","n":"0"}"""));
    }

    [Test]
    public async Task Post_ScriptedUsage_IsReported()
    {
        Script("steps: [{text: a, usage: {prompt: 100, completion: 20, cached: 64}}]");

        var usage = (await AnswerAsync(Ask()))["usage"]!;

        Assert.That((int?)usage["prompt_tokens"], Is.EqualTo(100));
        Assert.That((int?)usage["completion_tokens"], Is.EqualTo(20));
        Assert.That((int?)usage["total_tokens"], Is.EqualTo(120));
        Assert.That((int?)usage["prompt_tokens_details"]!["cached_tokens"], Is.EqualTo(64));
    }

    [Test]
    public async Task Post_NoUsage_IsAQuarterOfTheSizes()
    {
        Script("steps: [{text: 12345678}]");
        var request = Ask();

        var usage = (await AnswerAsync(request))["usage"]!;

        Assert.That((int?)usage["prompt_tokens"], Is.EqualTo((request.Build().Length + 3) / 4));
        Assert.That((int?)usage["completion_tokens"], Is.EqualTo(2));
    }

    [Test]
    public async Task Post_FinishReason_IsTheScriptedOne()
    {
        Script("steps: [{text: a, finishReason: content_filter}]");

        Assert.That((string?)Choice(await AnswerAsync(Ask()))["finish_reason"], Is.EqualTo("content_filter"));
    }

    [Test]
    public async Task Post_PastTheLastStep_Answers400()
    {
        Script("steps: [{text: a, repeat: 2}]");

        var (status, code, message) = await ErrorAsync(Ask().Steps(2));

        Assert.That((status, code), Is.EqualTo((400, "past_the_end")));
        Assert.That(message, Does.Contain("has 2 steps").And.Contain("step 2"));
    }

    [TestCase("not json", "no JSON")]
    [TestCase("[]", "not a JSON object")]
    [TestCase("{}", "model is missing")]
    [TestCase("""{"model":"script"}""", "messages is missing")]
    [TestCase("""{"model":"script","messages":[]}""", "messages is missing or empty")]
    [TestCase("""{"model":"script","messages":["a"]}""", "object with a role")]
    public async Task Post_NoChatRequest_Answers400(string body, string part)
    {
        using var response = await Client.PostAsync("v1/chat/completions", new StringContent(body));

        Assert.That((int)response.StatusCode, Is.EqualTo(400));
        Assert.That(await response.Content.ReadAsStringAsync(), Does.Contain(part));
    }

    [Test]
    public async Task Post_Stream_Answers400()
    {
        Script("steps: [{text: a}]");

        Assert.That((await ErrorAsync(Ask().Stream())).Message, Does.Contain("stream is not supported"));
    }

    [Test]
    public async Task Post_ManyMegabytes_IsAnswered()
    {
        Script("steps: [{text: a}]");

        await AnswerAsync(Ask().Message(new JsonObject { ["role"] = "user", ["content"] = new string('x', 40_000_000) }));
    }

    [Test]
    public async Task Healthz_Answers200() => Assert.That(await Client.GetStringAsync("healthz"), Is.EqualTo("ok"));
}
