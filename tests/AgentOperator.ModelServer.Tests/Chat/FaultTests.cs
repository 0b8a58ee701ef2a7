using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using AgentOperator.ModelServer.Calls;
using AgentOperator.ModelServer.Tests.Support;

namespace AgentOperator.ModelServer.Tests.Chat;

internal sealed class FaultTests : ModelServerFixture
{
    [Test]
    public async Task Status_TellsWhenToRetry()
    {
        Script("steps: [{text: a, faults: [{status: 429, code: insufficient_quota, retryAfterSeconds: 7, retryAfterMs: 6500}]}]");

        using var response = await PostAsync(Ask());

        var error = JsonNode.Parse(await response.Content.ReadAsStringAsync())!["error"]!;
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.TooManyRequests));
        Assert.That(response.Headers.RetryAfter!.Delta, Is.EqualTo(TimeSpan.FromSeconds(7)));
        Assert.That(response.Headers.GetValues("retry-after-ms"), Is.EqualTo(new[] { "6500" }));
        Assert.That((string?)error["code"], Is.EqualTo("insufficient_quota"));
        Assert.That(Outcomes(), Is.EqualTo(new[] { CallOutcome.Fault }));
    }

    [Test]
    public async Task Status_WithoutRetry_HasNoRetryHeaders()
    {
        Script("steps: [{text: a, faults: [{status: 500}]}]");

        using var response = await PostAsync(Ask());

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.InternalServerError));
        Assert.That(response.Headers.Contains("Retry-After"), Is.False);
    }

    [TestCase("malformed")]
    [TestCase("truncated")]
    [TestCase("emptyBody")]
    public async Task BrokenBody_IsA200ThatIsNoJson(string fault)
    {
        Script($"steps: [{{text: a, faults: [{{{fault}: true}}]}}]");

        using var response = await PostAsync(Ask());

        var body = await response.Content.ReadAsStringAsync();
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(() => JsonDocument.Parse(body), Throws.InstanceOf<JsonException>());
        Assert.That(body, fault == "emptyBody" ? Is.Empty : Is.Not.Empty);
        Assert.That(Outcomes(), Is.EqualTo(new[] { CallOutcome.Fault }));
        Assert.That((string?)Choice(await AnswerAsync(Ask()))["message"]!["content"], Is.EqualTo("a"));
    }

    [Test]
    public async Task EmptyChoices_IsAnAnswerWithoutChoice()
    {
        Script("steps: [{text: a, faults: [{emptyChoices: true}]}]");

        Assert.That((await AnswerAsync(Ask()))["choices"]!.AsArray(), Is.Empty);
        Assert.That(Outcomes(), Is.EqualTo(new[] { CallOutcome.Fault }));
    }

    [Test]
    public async Task Drop_ClosesTheConnectionInTheMiddleOfTheBody()
    {
        Script("steps: [{text: a, faults: [{drop: true}]}]");

        Assert.That(async () => await AnswerAsync(Ask()), Throws.InstanceOf<HttpRequestException>());
        Assert.That(Outcomes(), Is.EqualTo(new[] { CallOutcome.Dropped }));
        Assert.That((string?)Choice(await AnswerAsync(Ask()))["message"]!["content"], Is.EqualTo("a"));
    }

    [Test]
    public async Task Faults_StrikeInOrderEachItsTimesThenTheAnswerComes()
    {
        Script("steps: [{text: a, faults: [{status: 429, times: 2}, {status: 500}, {status: 503}]}]");
        var statuses = new List<int>();
        for (var i = 0; i < 6; i++)
        {
            using var response = await PostAsync(Ask());
            statuses.Add((int)response.StatusCode);
        }

        Assert.That(statuses, Is.EqualTo(new[] { 429, 429, 500, 503, 200, 200 }));
    }

    [Test]
    public async Task Faults_AreCountedForEachRunAndEachStep()
    {
        Script("steps: [{text: a, repeat: 2, faults: [{status: 500}]}]");
        async Task<int> StatusAsync(string task, int step)
        {
            using var response = await PostAsync(Ask().Task(task).Steps(step));
            return (int)response.StatusCode;
        }

        Assert.That(await StatusAsync("one", 0), Is.EqualTo(500));
        Assert.That(await StatusAsync("two", 0), Is.EqualTo(500), "another run");
        Assert.That(await StatusAsync("one", 1), Is.EqualTo(500), "another step");
        Assert.That(await StatusAsync("one", 0), Is.EqualTo(200));
        Assert.That(await StatusAsync("two", 0), Is.EqualTo(200));
        Assert.That(await StatusAsync("one", 1), Is.EqualTo(200));
    }

    private IEnumerable<CallOutcome> Outcomes() => Server.Log.List().Select(call => call.Outcome);
}
