using System.ClientModel;
using System.ClientModel.Primitives;
using Microsoft.Extensions.AI;
using OpenAI;
using OpenAI.Chat;
using ChatMessage = Microsoft.Extensions.AI.ChatMessage;

namespace AgentRunner.Models;

/// <summary>
/// The kernel's chat client: asks the gateway and neither retries nor times out by itself. Takes one call at a time, since the provider client
/// has no place for the headers of a single call.
/// </summary>
internal sealed class GatewayChatClient : IChatClient
{
    private readonly HttpClient _http;
    private readonly ModelCallPolicy _policy = new();
    private readonly IChatClient _client;

    /// <param name="baseUri">The gateway's base address for models.</param>
    /// <param name="model">The model's name in requests.</param>
    /// <param name="transport">The way to the gateway; it adds the token. Not disposed.</param>
    public GatewayChatClient(Uri baseUri, string model, HttpMessageHandler transport)
    {
        _http = new HttpClient(transport, disposeHandler: false) { Timeout = Timeout.InfiniteTimeSpan };
        var options = new OpenAIClientOptions
        {
            Endpoint = baseUri,
            Transport = new HttpClientPipelineTransport(_http),
            RetryPolicy = new ClientRetryPolicy(0),
            NetworkTimeout = Timeout.InfiniteTimeSpan,
        };
        options.AddPolicy(_policy, PipelinePosition.PerCall);

        // The credential is replaced by the pod's token on the way out; the client insists on one.
        _client = new ChatClient(model, new ApiKeyCredential("none"), options).AsIChatClient();
    }

    /// <summary>Asks for an answer.</summary>
    /// <param name="messages">The conversation.</param>
    /// <param name="options">A <see cref="ModelCallOptions"/>: a call without a step key cannot be committed.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="InvalidOperationException">Another call is under way.</exception>
    public async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        var call = (options as ModelCallOptions)?.Call
            ?? throw new ArgumentException($"A model call needs {nameof(ModelCallOptions)}: it is committed under its step key.", nameof(options));
        using (_policy.Begin(call))
        {
            return await _client.GetResponseAsync(messages, options, cancellationToken);
        }
    }

    /// <summary>Not supported: an answer is committed before any of it is used.</summary>
    public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException("Model answers are not streamed: an answer is committed before any of it is used.");

    /// <inheritdoc/>
    public object? GetService(Type serviceType, object? serviceKey = null) => _client.GetService(serviceType, serviceKey);

    /// <inheritdoc/>
    public void Dispose()
    {
        _client.Dispose();
        _http.Dispose();
    }
}
