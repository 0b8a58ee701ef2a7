using System.Globalization;
using System.Net;
using AgentOperator.Gateway;
using AgentOperator.Gateway.Identity;
using AgentOperator.Protocol;
using Microsoft.Extensions.Time.Testing;

namespace AgentOperator.Tests.Gateway.Identity;

/// <summary>How often the API server is asked about a token, on a fake clock.</summary>
[TestFixture]
internal sealed class RunnerTokensTests
{
    private static readonly IPAddress Address = IPAddress.Parse("10.0.0.7");
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(1);

    private readonly CountingReviewer _reviewer = new();
    private readonly FakeTimeProvider _time = new(DateTimeOffset.FromUnixTimeSeconds(1_800_000_000));
    private RunnerTokens _tokens = null!;

    [SetUp]
    public void SetUp()
    {
        _reviewer.Reviews.Clear();
        _reviewer.Answer = _ => Task.FromResult<ReviewedPod?>(null);
        _tokens = new RunnerTokens(_reviewer, new ReviewBounds(_time), _time);
    }

    [Test]
    public async Task FindPod_AcceptedToken_IsReviewedOnceAMinute()
    {
        _reviewer.Answer = _ => Task.FromResult<ReviewedPod?>(CountingReviewer.Pod);
        var token = PodToken.Of("a");
        for (var seconds = 0; seconds < 60; seconds += 5)
        {
            Assert.That(await _tokens.FindPodAsync(token, Address, default), Is.EqualTo(CountingReviewer.Pod));
            _time.Advance(TimeSpan.FromSeconds(5));
        }

        Assert.That(_reviewer.Reviews[token], Is.EqualTo(1));
        await _tokens.FindPodAsync(token, Address, default);
        Assert.That(_reviewer.Reviews[token], Is.EqualTo(2));
    }

    [Test]
    public async Task FindPod_RefusedToken_IsReviewedOnceInTenSecondsAndAcceptedOnceItIsGood()
    {
        var token = PodToken.Of("a");
        for (var i = 0; i < 20; i++)
        {
            Assert.That(await CodeOfAsync(token), Is.EqualTo(ErrorCodes.Unauthorized));
        }

        Assert.That(_reviewer.Reviews[token], Is.EqualTo(1));
        _reviewer.Answer = _ => Task.FromResult<ReviewedPod?>(CountingReviewer.Pod);
        _time.Advance(RunnerTokens.Refused);
        Assert.That(await CodeOfAsync(token), Is.Null);
    }

    [Test]
    public async Task FindPod_TokenIsRefusedAtItsNextReview_IsRefused()
    {
        var token = PodToken.Of("a");
        _reviewer.Answer = _ => Task.FromResult<ReviewedPod?>(CountingReviewer.Pod);
        await _tokens.FindPodAsync(token, Address, default);
        _reviewer.Answer = _ => Task.FromResult<ReviewedPod?>(null);
        _time.Advance(RunnerTokens.Accepted);

        Assert.That((await CodeOfAsync(token), await CodeOfAsync(token)), Is.EqualTo((ErrorCodes.Unauthorized, ErrorCodes.Unauthorized)));
        Assert.That(_reviewer.Reviews[token], Is.EqualTo(2));
    }

    [Test]
    public async Task FindPod_ManyAtOnceWithOneToken_ShareAReviewThatOutlivesTheFirst()
    {
        var answer = new TaskCompletionSource<ReviewedPod?>();
        _reviewer.Answer = _ => answer.Task;
        var token = PodToken.Of("a");
        using var hangUp = new CancellationTokenSource();
        var first = _tokens.FindPodAsync(token, Address, hangUp.Token);
        var others = Enumerable.Range(0, 20).Select(_ => _tokens.FindPodAsync(token, Address, default)).ToList();

        await hangUp.CancelAsync();
        await Assert.ThrowsAsync<TaskCanceledException>(() => first);
        answer.SetResult(CountingReviewer.Pod);

        Assert.That(await Task.WhenAll(others), Is.All.EqualTo(CountingReviewer.Pod));
        Assert.That(_reviewer.Reviews[token], Is.EqualTo(1));
    }

    [Test]
    public async Task FindPod_ReviewFails_IsAskedAgainAndCountsAgainstNobody()
    {
        _reviewer.Answer = _ => throw new HttpRequestException("away");
        for (var i = 0; i < 2 * ReviewBounds.MaxPerAddress; i++)
        {
            await Assert.ThrowsAsync<HttpRequestException>(() => _tokens.FindPodAsync(PodToken.Of("a"), Address, default));
        }
    }

    [Test]
    public async Task FindPod_AddressHasTooManyRefusals_IsToldToWaitAMinuteAndNobodyElseIs()
    {
        for (var i = 0; i < ReviewBounds.MaxPerAddress; i++)
        {
            Assert.That(await CodeOfAsync(Bogus(i)), Is.EqualTo(ErrorCodes.Unauthorized));
        }

        var refused = (await Refusal(PodToken.Of("one-more")))!;
        Assert.That((refused.Status, refused.Code, refused.RetryAfterSeconds), Is.EqualTo((429, ErrorCodes.TooManyRequests, 5)));
        Assert.That(await CodeOfAsync(PodToken.Of("one-more"), IPAddress.Parse("10.0.0.8")), Is.EqualTo(ErrorCodes.Unauthorized));
        _time.Advance(ReviewBounds.Period);
        Assert.That(await CodeOfAsync(PodToken.Of("one-more")), Is.EqualTo(ErrorCodes.Unauthorized));
    }

    /// <summary>Nodes and meshes may give many pods one address.</summary>
    [Test]
    public async Task FindPod_RunnerSharesTheAddressOfAFlood_GoesOn()
    {
        var good = PodToken.Of("good");
        _reviewer.Answer = token => Task.FromResult(token == good ? CountingReviewer.Pod : null);
        for (var minute = 0; minute < 10; minute++)
        {
            Assert.That(await CodeOfAsync(good), Is.Null, $"minute {minute}");
            for (var i = 0; i < 2 * ReviewBounds.MaxPerAddress; i++)
            {
                await CodeOfAsync(Bogus(i));
            }

            _time.Advance(TimeSpan.FromMinutes(1) - Tick);
            Assert.That(await CodeOfAsync(good), Is.Null, $"the end of minute {minute}");
            _time.Advance(Tick);
        }
    }

    [Test]
    public async Task FindPod_FloodFromManyAddresses_PushesOutNoAcceptedToken()
    {
        var good = PodToken.Of("good");
        _reviewer.Answer = token => Task.FromResult(token == good ? CountingReviewer.Pod : null);
        await _tokens.FindPodAsync(good, Address, default);
        for (var i = 0; i < 30_000; i++)
        {
            await CodeOfAsync(Bogus(i), new IPAddress(i));
        }

        await _tokens.FindPodAsync(good, Address, default);
        Assert.That(_reviewer.Reviews[good], Is.EqualTo(1));
    }

    [Test]
    public async Task FindPod_TooManyReviewsUnderWay_IsToldToWait()
    {
        var answer = new TaskCompletionSource<ReviewedPod?>();
        _reviewer.Answer = _ => answer.Task;
        var waiting = Enumerable.Range(0, ReviewBounds.MaxUnderWay)
            .Select(i => _tokens.FindPodAsync(Bogus(i), new IPAddress(i), default)).ToList();

        Assert.That(await CodeOfAsync(PodToken.Of("one-more")), Is.EqualTo(ErrorCodes.TooManyRequests));
        answer.SetResult(CountingReviewer.Pod);
        await Task.WhenAll(waiting);
        Assert.That(await CodeOfAsync(PodToken.Of("one-more")), Is.Null);
    }

    private static string Bogus(int number) => PodToken.Of(number.ToString(CultureInfo.InvariantCulture));

    private async Task<string?> CodeOfAsync(string token, IPAddress? address = null) => (await Refusal(token, address))?.Code;

    private async Task<ProtocolError?> Refusal(string token, IPAddress? address = null)
    {
        try
        {
            await _tokens.FindPodAsync(token, address ?? Address, default);
            return null;
        }
        catch (GatewayException refused)
        {
            return refused.ToError();
        }
    }
}
