using System.ClientModel;
using System.ClientModel.Primitives;
using Microsoft.Extensions.AI;
using OpenAI;
using OpenAI.Chat;
using ChatMessage = Microsoft.Extensions.AI.ChatMessage;

namespace AgentRunner.Models;

/// <summary>
/// The kernel's chat client: asks the gateway and neither retries nor times out by itself. The provider client has no place for headers of a
/// single call, so each call gets a pipeline of its own; all share the connections.
/// </summary>
/// <param name="baseUri">The gateway's base address for models.</param>
/// <param name="model">The model's name in requests.</param>
/// <param name="transport">The way to the gateway; it adds the token. Not disposed.</param>
internal sealed class GatewayChatClient(Uri baseUri, string model, HttpMessageHandler transport) : IChatClient
{
    private readonly HttpClient _http = new(transport, disposeHandler: false) { Timeout = Timeout.InfiniteTimeSpan };

    /// <summary>Asks for an answer.</summary>
    /// <param name="messages">The conversation.</param>
    /// <param name="options">A <see cref="ModelCallOptions"/>: a call without a step key cannot be committed.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        var call = (options as ModelCallOptions)?.Call
            ?? throw new ArgumentException($"A model call needs {nameof(ModelCallOptions)}: it is committed under its step key.", nameof(options));
        using var client = CreateClient(call);
        return await client.GetResponseAsync(messages, options, cancellationToken);
    }

    /// <summary>Not supported: an answer is committed before any of it is used.</summary>
    public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException("Model answers are not streamed: an answer is committed before any of it is used.");

    /// <inheritdoc/>
    public object? GetService(Type serviceType, object? serviceKey = null) => serviceKey is null && serviceType.IsInstanceOfType(this) ? this : null;

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private IChatClient CreateClient(ModelCall call)
    {
        var options = new OpenAIClientOptions
        {
            Endpoint = baseUri,
            Transport = new HttpClientPipelineTransport(_http),
            RetryPolicy = new ClientRetryPolicy(0),
            NetworkTimeout = Timeout.InfiniteTimeSpan,
        };
        options.AddPolicy(new ModelCallPolicy(call), PipelinePosition.PerCall);

        // The credential is replaced by the pod's token on the way out; the client insists on one.
        return new ChatClient(model, new ApiKeyCredential("none"), options).AsIChatClient();
    }
}
