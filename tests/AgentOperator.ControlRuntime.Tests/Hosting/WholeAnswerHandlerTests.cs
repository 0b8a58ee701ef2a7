using System.Net;
using System.Text;

namespace AgentOperator.ControlRuntime.Tests;

[TestFixture]
internal sealed class WholeAnswerHandlerTests
{
    [Test]
    public async Task Send_AnswerWhoseBodyIsStillOnItsWay_WaitsForItWithoutAThread()
    {
        using var body = new LateBody("{}");
        using var client = Client(body);

        var sending = client.GetAsync(new Uri("http://api/apis/things"), HttpCompletionOption.ResponseHeadersRead);
        Assert.That(sending.IsCompleted, Is.False, "the body is not there");
        body.Arrive();

        using var response = await sending;
        using var reader = new StreamReader(response.Content.ReadAsStream());
        Assert.That(reader.ReadToEnd(), Is.EqualTo("{}"), "reading synchronously blocks nothing any more");
    }

    [TestCase("http://api/apis/things?limit=500&watch=true")]
    [TestCase("http://api/pods/one/log?follow=true")]
    public async Task Send_Stream_IsHandedOnAtOnce(string address)
    {
        using var body = new LateBody("never");
        using var client = Client(body);

        using var response = await client.GetAsync(new Uri(address), HttpCompletionOption.ResponseHeadersRead);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public void Send_BodyThatBreaks_Throws()
    {
        using var body = new LateBody("half");
        using var client = Client(body);

        var sending = client.GetAsync(new Uri("http://api/apis/things"), HttpCompletionOption.ResponseHeadersRead);
        body.Break(new IOException("reset"));

        Assert.That(async () => await sending, Throws.InstanceOf<HttpRequestException>().Or.InstanceOf<IOException>());
    }

    private static HttpClient Client(LateBody body) => new(new WholeAnswerHandler { InnerHandler = new Answering(body) });

    private sealed class Answering(LateBody body) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = new StreamContent(body) });
    }

    /// <summary>A body that comes after the headers, and cannot be waited for synchronously.</summary>
    private sealed class LateBody(string text) : Stream
    {
        private readonly TaskCompletionSource _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly MemoryStream _bytes = new(Encoding.UTF8.GetBytes(text));

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public void Arrive() => _arrived.SetResult();

        public void Break(Exception exception) => _arrived.SetException(exception);

        public override int Read(byte[] buffer, int offset, int count) => throw new InvalidOperationException("a thread would be blocked");

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await _arrived.Task.WaitAsync(cancellationToken);
            return await _bytes.ReadAsync(buffer, cancellationToken);
        }

        public override void Flush() => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                _bytes.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}
