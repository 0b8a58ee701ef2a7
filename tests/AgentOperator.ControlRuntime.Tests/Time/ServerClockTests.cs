using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace AgentOperator.ControlRuntime.Tests;

[TestFixture]
internal sealed class ServerClockTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private FakeTimeProvider _machine = null!;
    private ServerClock _clock = null!;

    [SetUp]
    public void SetUp()
    {
        _machine = new FakeTimeProvider(Start);
        _clock = new ServerClock(_machine, NullLogger<ServerClock>.Instance);
    }

    [TestCase(0)]
    [TestCase(-600)]
    [TestCase(600)]
    public void Observe_AnyMachineClock_IsRightByASecond(int serverAheadSeconds)
    {
        Answer(Start.AddSeconds(serverAheadSeconds), TimeSpan.FromMilliseconds(20));

        Assert.That(_clock.GetUtcNow(), Is.EqualTo(Start.AddSeconds(serverAheadSeconds)).Within(TimeSpan.FromSeconds(1)));
    }

    [Test]
    public void Observe_ClocksThatAgree_NeverMoves()
    {
        for (var i = 0; i < 40; i++)
        {
            // The date is cut to whole seconds, and answers take their time.
            var written = _machine.GetUtcNow().AddMilliseconds(i * 10);
            Answer(written.AddTicks(-(written.Ticks % TimeSpan.TicksPerSecond)), TimeSpan.FromMilliseconds(i * 30));
        }

        Assert.That(_clock.Offset, Is.EqualTo(TimeSpan.Zero));
    }

    [Test]
    public void Observe_MachineClockIsSet_Follows()
    {
        Answer(Start.AddMinutes(10), TimeSpan.Zero);
        _machine.SetUtcNow(Start.AddMinutes(10));
        Answer(Start.AddMinutes(10), TimeSpan.Zero);

        Assert.That(_clock.Offset, Is.EqualTo(TimeSpan.Zero).Within(TimeSpan.FromSeconds(1)));
    }

    [Test]
    public void CreateTimer_WrongMachineClock_TakesAsLongAsItSays()
    {
        Answer(Start.AddMinutes(-10), TimeSpan.Zero);
        var due = false;
        using var timer = _clock.CreateTimer(_ => due = true, null, TimeSpan.FromSeconds(5), Timeout.InfiniteTimeSpan);

        _machine.Advance(TimeSpan.FromSeconds(5));

        Assert.That(due);
    }

    [Test]
    public async Task Handler_AnswerWithADate_SetsTheClock()
    {
        using var handler = new ServerClockHandler(_clock, _machine) { InnerHandler = new Answering(Start.AddMinutes(-10)) };
        using var client = new HttpClient(handler);

        await client.GetAsync(new Uri("https://api.example/"));

        Assert.That(_clock.Offset, Is.EqualTo(TimeSpan.FromMinutes(-10)).Within(TimeSpan.FromSeconds(1)));
    }

    private void Answer(DateTimeOffset date, TimeSpan took)
    {
        var asked = _machine.GetUtcNow();
        _machine.Advance(took);
        _clock.Observe(date, asked, _machine.GetUtcNow());
    }

    private sealed class Answering(DateTimeOffset date) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var response = new HttpResponseMessage(HttpStatusCode.OK);
            response.Headers.Date = date;
            return Task.FromResult(response);
        }
    }
}
