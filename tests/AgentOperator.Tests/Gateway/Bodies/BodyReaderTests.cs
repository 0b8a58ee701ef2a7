using System.Text;
using AgentOperator.Gateway;
using AgentOperator.Gateway.Bodies;
using AgentOperator.Gateway.Identity;
using AgentOperator.Journal;
using AgentOperator.Protocol;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace AgentOperator.Tests.Gateway.Bodies;

[TestFixture]
internal sealed class BodyReaderTests
{
    private static readonly RunnerIdentity Runner = new(new RunIdentity("agents", "survey", "uid-1"), new Writer(1, "pod-uid-1"), "survey-1");

    private readonly FakeTimeProvider _time = new();
    private BodyBudget _budget = null!;
    private BodyReader _bodies = null!;

    [SetUp]
    public void SetUp() => Limit(10_000);

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(BodyReader.LeastBytes)]
    [TestCase(BodyReader.LeastBytes + 1)]
    [TestCase(300_000)]
    public async Task Read_OfAnyLengthKnownOrNot_IsTheBodyAndIsHeldUntilItIsDisposed(int length)
    {
        Limit(1_000_000);
        var sent = Encoding.ASCII.GetBytes(new Random(length).GetString("abcdefghij", length));
        foreach (var isKnown in new[] { true, false })
        {
            var body = await _bodies.ReadAsync(Request(new MemoryStream(sent), isKnown ? length : null), Runner);

            Assert.That(body.Bytes.ToArray(), Is.EqualTo(sent));
            Assert.That(_budget.Held, Is.AtLeast(Math.Max(length, BodyReader.LeastBytes)));
            body.Dispose();
            Assert.That(_budget.Held, Is.Zero);
        }
    }

    [Test]
    public async Task Read_LengthDoesNotFit_IsRefusedBeforeAByteIsRead()
    {
        var body = new MemoryStream(new byte[20_000]);

        var refused = await Assert.ThrowsAsync<GatewayException>(() => _bodies.ReadAsync(Request(body, 20_000), Runner));

        Assert.That((refused!.ToError().Code, body.Position, _budget.Held), Is.EqualTo((ErrorCodes.TooManyRequests, 0L, 0L)));
    }

    [Test]
    public async Task Read_UnknownLengthOutgrowsTheRoom_IsRefusedThereAndGivesBackItsShare()
    {
        var body = new MemoryStream(new byte[1_000_000]);

        var refused = await Assert.ThrowsAsync<GatewayException>(() => _bodies.ReadAsync(Request(body, null), Runner));

        Assert.That((refused!.ToError().Code, _budget.Held), Is.EqualTo((ErrorCodes.TooManyRequests, 0L)));
        Assert.That(body.Position, Is.LessThan(20_000));
    }

    [Test]
    public async Task Read_SenderTakesTooLong_IsGivenUpAndGivesBackItsShare()
    {
        var reading = _bodies.ReadAsync(Request(new SilentStream(), 5_000), Runner);
        Assert.That(_budget.Held, Is.EqualTo(5_000));

        _time.Advance(BodyReader.LongestRead);

        var refused = await Assert.ThrowsAsync<GatewayException>(() => reading);
        Assert.That((refused!.ToError().Status, refused.ToError().Code, _budget.Held), Is.EqualTo((408, ErrorCodes.BodyTimeout, 0L)));
    }

    private void Limit(int bytes)
    {
        _budget = new BodyBudget(Options.Create(new GatewayOptions { MaxBodyBytes = bytes, MaxRunBodyBytes = bytes }));
        _bodies = new BodyReader(_budget, _time);
    }

    private static DefaultHttpContext Request(Stream body, long? length) => new() { Request = { Body = body, ContentLength = length } };

    /// <summary>A connection over which nothing comes.</summary>
    private sealed class SilentStream : MemoryStream
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            await new TaskCompletionSource<int>().Task.WaitAsync(cancellationToken);
    }
}
