using System.Net;
using System.Net.Http.Headers;
using System.Text;
using AgentOperator.Api;
using AgentOperator.Gateway.Models;
using AgentOperator.Protocol;
using k8s.Models;
using Microsoft.Extensions.Time.Testing;

namespace AgentOperator.Tests.Gateway.Streaming;

/// <summary>A provider whose answer comes in the parts that a test wants, and the client that reads it.</summary>
internal sealed class StreamingProvider(IReadOnlyList<ReadOnlyMemory<byte>> parts) : HttpMessageHandler
{
    private const string Request = """{"model":"m","messages":[{"role":"user","content":"count"}],"tools":[{"type":"function","function":{"name":"f"}}]}""";

    public HttpStatusCode Status { get; init; } = HttpStatusCode.OK;

    public string ContentType { get; init; } = "text/event-stream";

    /// <summary>What becomes of the connection after the last part.</summary>
    public Func<CancellationToken, Task> End { get; init; } = _ => Task.CompletedTask;

    public FakeTimeProvider Time { get; } = new();

    /// <summary>The bodies that were sent.</summary>
    public List<string> Requests { get; } = [];

    /// <summary>What was counted as unused.</summary>
    public List<TokenUsage> Unused { get; } = [];

    /// <summary>A provider that sends this text.</summary>
    public static StreamingProvider Of(string text) => new([Encoding.UTF8.GetBytes(text)]);

    /// <summary>The same events with a blank line after each.</summary>
    public static StreamingProvider OfData(params string[] data) => Of(string.Concat(data.Select(item => $"data: {item}\n\n")));

    public async Task<ProviderOutcome> CallAsync(string request = Request, CancellationToken cancellationToken = default)
    {
        using var transport = new ProviderTransport(this);
        var client = new ProviderClient(transport, new OutputLimitNames(Time), Time);
        var endpoint = new ModelEndpoint
        {
            Metadata = new V1ObjectMeta { Name = "provider", NamespaceProperty = "team" },
            Spec = new ModelEndpointSpec { BaseUrl = "https://models.example/v1", Streaming = true },
        };
        var body = Encoding.UTF8.GetBytes(request);
        return await client.CallAsync(
            new ProviderRequest(endpoint, ModelRequest.Parse(body), body) { OnUnused = Unused.Add }, new EndpointCredentials(endpoint, []), "step-1",
            cancellationToken);
    }

    public async Task<ModelAnswerPayload> AnswerAsync() => (await CallAsync() as ProviderOutcome.Answered)?.Answer
        ?? throw new AssertionException("the stream was not taken as an answer");

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Requests.Add(await request.Content!.ReadAsStringAsync(cancellationToken));
        return new HttpResponseMessage(Status)
        {
            Content = new StreamContent(new Body(parts, End)) { Headers = { ContentType = new MediaTypeHeaderValue(ContentType) } },
        };
    }

    private sealed class Body(IReadOnlyList<ReadOnlyMemory<byte>> parts, Func<CancellationToken, Task> end) : MemoryStream
    {
        private readonly Queue<ReadOnlyMemory<byte>> _left = new(parts.Where(part => !part.IsEmpty));

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (!_left.TryPeek(out var part))
            {
                await end(cancellationToken);
                return 0;
            }

            _left.Dequeue();
            var length = Math.Min(part.Length, buffer.Length);
            part[..length].CopyTo(buffer);
            if (length < part.Length)
            {
                var rest = _left.ToList();
                _left.Clear();
                rest.Prepend(part[length..]).ToList().ForEach(_left.Enqueue);
            }

            return length;
        }

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override async Task CopyToAsync(Stream destination, int bufferSize, CancellationToken cancellationToken)
        {
            var buffer = new byte[bufferSize];
            while (await ReadAsync(buffer, cancellationToken) is > 0 and var read)
            {
                await destination.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            }
        }
    }
}
