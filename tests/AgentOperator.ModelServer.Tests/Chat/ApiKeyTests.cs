using System.Net;
using AgentOperator.ModelServer.Calls;
using AgentOperator.ModelServer.Tests.Support;

namespace AgentOperator.ModelServer.Tests.Chat;

internal sealed class ApiKeyTests : ModelServerFixture
{
    protected override ModelServerOptions Options => new() { ApiKey = "the-key" };

    [TestCase(null)]
    [TestCase("Bearer wrong-k")]
    [TestCase("Bearer the-key2")]
    [TestCase("Basic the-key")]
    public async Task Post_WithoutTheKey_Answers401AndPlaysNothing(string? authorization)
    {
        Script("steps: [{text: a, faults: [{status: 500}]}]");
        if (authorization is not null)
            Client.DefaultRequestHeaders.Add("Authorization", authorization);

        var (status, code, _) = await ErrorAsync(Ask());

        Assert.That((status, code), Is.EqualTo((401, "invalid_api_key")));
        Assert.That(Server.Log.List().Single().Outcome, Is.EqualTo(CallOutcome.Rejected));
        Client.DefaultRequestHeaders.Authorization = Bearer("the-key");
        Assert.That((await ErrorAsync(Ask())).Status, Is.EqualTo(500), "the refused call used up no fault");
    }

    [Test]
    public async Task Post_WithTheKey_IsAnswered()
    {
        Script("steps: [{text: a}]");
        Client.DefaultRequestHeaders.Authorization = Bearer("the-key");

        await AnswerAsync(Ask());
    }

    [Test]
    public async Task GetModels_NeedsTheKey()
    {
        using var without = await Client.GetAsync("v1/models");
        Client.DefaultRequestHeaders.Authorization = Bearer("the-key");
        using var with = await Client.GetAsync("v1/models");

        Assert.That((without.StatusCode, with.StatusCode), Is.EqualTo((HttpStatusCode.Unauthorized, HttpStatusCode.OK)));
    }

    [TestCase("log")]
    [TestCase("effects")]
    [TestCase("healthz")]
    public async Task Get_OutsideTheModelApi_NeedsNoKey(string path)
    {
        using var response = await Client.GetAsync(path);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }
}
