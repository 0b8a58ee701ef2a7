using AgentOperator.ModelServer.Calls;
using AgentOperator.ModelServer.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace AgentOperator.ModelServer.Tests.Chat;

internal sealed class DelayTests : ModelServerFixture
{
    private readonly FakeTimeProvider _time = new();

    protected override ModelServerOptions Options => new() { Time = _time };

    [SetUp]
    public void ScriptDelay() => Script("steps: [{text: a, delayMs: 60000}]");

    [Test]
    public async Task Post_Delay_IsAnsweredWhenItIsOver()
    {
        var answer = AnswerAsync(Ask());
        using var deadline = new CancellationTokenSource(Deadline);

        // The request may reach its delay after the first advance, so time goes on until the answer is there.
        while (!answer.IsCompleted)
        {
            _time.Advance(TimeSpan.FromSeconds(20));
            await Task.WhenAny(answer, Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, deadline.Token));
        }

        await answer;
        Assert.That(Server.Log.List().Single().DurationMs, Is.GreaterThanOrEqualTo(60000));
    }

    [Test]
    public async Task Post_ClientGoesAwayDuringTheDelay_IsLoggedAsGoneAndNotAsAnswered()
    {
        using var gone = new CancellationTokenSource();
        using var content = Ask().Content();
        var call = Client.PostAsync("v1/chat/completions", content, gone.Token);
        await WaitUntilAskedAsync();
        await gone.CancelAsync();
        using var deadline = new CancellationTokenSource(Deadline);

        await Server.Log.WaitAsync(calls => calls.Count == 1, deadline.Token);

        Assert.That(async () => await call, Throws.InstanceOf<OperationCanceledException>());
        Assert.That(Server.Log.List().Single(), Has.Property(nameof(CallRecord.Outcome)).EqualTo(CallOutcome.ClientGone));
        Assert.That(Server.Log.List().Single().Status, Is.Null);
        Assert.That(
            Server.Log.Summarize(), Has.Property(nameof(CallSummary.ModelCalls)).EqualTo(0).And.Property(nameof(CallSummary.ClientGone)).EqualTo(1));
    }

    [Test]
    public async Task Dispose_CallWaits_IsDroppedAtOnce()
    {
        var call = PostAsync(Ask());
        await WaitUntilAskedAsync();
        var log = Server.Log;

        await Server.DisposeAsync();

        Assert.That(async () => await call, Throws.InstanceOf<HttpRequestException>());
        Assert.That(log.List().Single().Outcome, Is.EqualTo(CallOutcome.Dropped));
    }

    [Test]
    public async Task Post_HeldUntilAnEffect_IsAnsweredWhenItIsThere()
    {
        Script("steps: [{text: a, holdUntil: released}]");
        var answer = AnswerAsync(Ask());
        await WaitUntilAskedAsync();
        Server.Effects.Append("script", "other", null, null);
        Server.Effects.Append("another", "released", null, null);
        Assert.That(answer.IsCompleted, Is.False);

        Server.Effects.Append("script", "released", null, null);

        await answer.WaitAsync(Deadline, TimeProvider.System);
    }

    private async Task WaitUntilAskedAsync()
    {
        using var deadline = new CancellationTokenSource(Deadline);
        while (Server.Log.InFlight == 0)
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, deadline.Token);
    }
}
