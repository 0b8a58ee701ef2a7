using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using AgentOperator.ModelServer.Calls;
using AgentOperator.ModelServer.Tests.Support;

namespace AgentOperator.ModelServer.Tests.Calls;

internal sealed class CallLogTests : ModelServerFixture
{
    [SetUp]
    public void ScriptSteps() => Script("steps: [{text: a, repeat: 5}]");

    [Test]
    public async Task Log_AnsweredCall_HoldsAllButText()
    {
        var request = Ask().Task("a private prompt").Steps(2);
        await AnswerAsync(request, ("Idempotency-Key", "key-1"), ("X-Run", "r1"));

        var text = await Client.GetStringAsync("log");

        var call = JsonNode.Parse(text)!.AsArray().Single()!;
        Assert.That((long?)call["n"], Is.EqualTo(1));
        Assert.That((DateTimeOffset?)call["time"], Is.Not.Null);
        Assert.That((string?)call["scenario"], Is.EqualTo("script"));
        Assert.That((string?)call["run"], Is.EqualTo("r1"));
        Assert.That((int?)call["step"], Is.EqualTo(2));
        Assert.That((string?)call["requestHash"], Is.EqualTo(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(request.Build())))));
        Assert.That((int?)call["messages"], Is.EqualTo(5));
        Assert.That((string?)call["idempotencyKey"], Is.EqualTo("key-1"));
        Assert.That((int?)call["status"], Is.EqualTo(200));
        Assert.That((string?)call["outcome"], Is.EqualTo("answered"));
        Assert.That((long?)call["durationMs"], Is.Not.Null);
        Assert.That(text, Does.Not.Contain("private"));
    }

    [Test]
    public async Task Log_UnreadableRequest_IsRejectedWithoutRun()
    {
        using var response = await Client.PostAsync("v1/chat/completions", new StringContent("{"));

        Assert.That(Server.Log.List().Single(), Is.EqualTo(new CallRecord
        {
            Number = 1,
            Time = Server.Log.List()[0].Time,
            RequestHash = Convert.ToHexStringLower(SHA256.HashData("{"u8)),
            Status = 400,
            Caller = "127.0.0.1",
            Outcome = CallOutcome.Rejected,
            DurationMs = Server.Log.List()[0].DurationMs,
        }));
    }

    [Test]
    public async Task Log_Filters_ChooseScenarioAndRun()
    {
        await AnswerAsync(Ask(), ("X-Run", "r1"));
        await AnswerAsync(Ask(), ("X-Run", "r2"));
        await AnswerAsync(Ask("hello"), ("X-Run", "r1"));

        async Task<IEnumerable<long?>> NumbersAsync(string query) =>
            JsonNode.Parse(await Client.GetStringAsync("log" + query))!.AsArray().Select(call => (long?)call!["n"]);
        Assert.That(await NumbersAsync(""), Is.EqualTo(new[] { 1, 2, 3 }));
        Assert.That(await NumbersAsync("?scenario=script"), Is.EqualTo(new[] { 1, 2 }));
        Assert.That(await NumbersAsync("?run=r1"), Is.EqualTo(new[] { 1, 3 }));
        Assert.That(await NumbersAsync("?scenario=hello&run=r2"), Is.Empty);
    }

    [Test]
    public async Task Summary_Http_HasTotalsAndRuns()
    {
        await AnswerAsync(Ask(), ("X-Run", "r1"));
        await AnswerAsync(Ask().Steps(1), ("X-Run", "r1"));
        await AnswerAsync(Ask().Steps(1), ("X-Run", "r1"));
        await AnswerAsync(Ask("hello"), ("X-Run", "r2"));

        var all = JsonNode.Parse(await Client.GetStringAsync("log/summary"))!;
        var one = JsonNode.Parse(await Client.GetStringAsync("log/summary?scenario=script"))!;

        Assert.That(((int?)all["modelCalls"], (int?)all["repeatedModelCalls"], (int?)all["faults"], (int?)all["inFlight"]), Is.EqualTo((4, 1, 0, 0)));
        Assert.That(all["runs"]!.AsArray().Select(run => (string?)run!["run"]), Is.EqualTo(new[] { "r1", "r2" }));
        Assert.That(((int?)one["modelCalls"], (int?)one["repeatedModelCalls"]), Is.EqualTo((3, 1)));
        Assert.That((int?)one["runs"]!.AsArray().Single()!["lastStep"], Is.EqualTo(1));
    }

    [Test]
    public async Task Delete_ForgetsCallsAndFaultCounts()
    {
        Script("steps: [{text: a, faults: [{status: 500}]}]");
        Assert.That((await ErrorAsync(Ask())).Status, Is.EqualTo(500));

        using var response = await Client.DeleteAsync("log");

        Assert.That((int)response.StatusCode, Is.EqualTo(204));
        Assert.That(Server.Log.List(), Is.Empty);
        Assert.That((await ErrorAsync(Ask())).Status, Is.EqualTo(500));
        Assert.That(Server.Log.List().Single().Number, Is.EqualTo(2));
    }

    [Test]
    public async Task WaitAsync_ConditionComesTrueLater_Returns()
    {
        using var deadline = new CancellationTokenSource(Deadline);
        var wait = Server.Log.WaitAsync(calls => calls.Count == 2, deadline.Token);

        await AnswerAsync(Ask());
        Assert.That(wait.IsCompleted, Is.False);
        await AnswerAsync(Ask().Steps(1));

        await wait;
    }

    [Test]
    public void WaitAsync_Cancelled_Throws()
    {
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();

        Assert.That(async () => await Server.Log.WaitAsync(_ => false, cancelled.Token), Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public async Task Log_ManyCallsAtOnce_HoldsEachOnce()
    {
        await Parallel.ForEachAsync(Enumerable.Range(0, 100), async (i, _) => await AnswerAsync(Ask().Task($"task {i}")));

        Assert.That(Server.Log.List().Select(call => call.Number), Is.EqualTo(Enumerable.Range(1, 100)));
        Assert.That(
            Server.Log.Summarize(), Has.Property(nameof(CallSummary.ModelCalls)).EqualTo(100).And.Property(nameof(CallSummary.InFlight)).EqualTo(0));
    }
}
