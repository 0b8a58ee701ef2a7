using System.ClientModel;
using System.Net.Http.Headers;
using AgentOperator.Protocol;
using AgentRunner.Conversations;
using AgentRunner.Gateway;
using Microsoft.Extensions.AI;
using Microsoft.SemanticKernel;
using OpenAI.Chat;

namespace AgentRunner.Models;

/// <summary>The kernel's chat client, asked through the gateway.</summary>
/// <param name="kernel">Holds the <see cref="IChatClient"/>.</param>
/// <param name="retry">Retries transient failures.</param>
/// <param name="timeout">How long a call may take that starts now.</param>
/// <param name="time">Measures it.</param>
internal sealed class ModelClient(Kernel kernel, GatewayRetry retry, Func<TimeSpan> timeout, TimeProvider time) : IModelClient
{
    private const int GatewayTimeout = 504;

    /// <inheritdoc/>
    public Task<ModelAnswer?> AnswerAsync(Conversation conversation, string stepKey, CancellationToken cancellationToken)
    {
        var chat = kernel.GetRequiredService<IChatClient>();
        var messages = ChatMessages.Of(conversation);
        var isRepeated = false;
        return retry.RunAsync(
            "call the model",
            token =>
            {
                var call = new ModelCall(stepKey, conversation.Head, isRepeated);
                isRepeated = true;
                return AskAsync(chat, messages, Options(conversation, call), token);
            },
            cancellationToken);
    }

    private static ModelCallOptions Options(Conversation conversation, ModelCall call) => new(call)
    {
        ModelId = conversation.Prompt.Model.Name,
        MaxOutputTokens = conversation.Prompt.Model.MaxOutputTokens,
        RawRepresentationFactory = _ => WithTools(conversation.Prompt.Tools),
    };

    /// <summary>
    /// The tools in the provider client's own type, which sends a schema as it is. The neutral type turns a schema
    /// without properties into one that allows none.
    /// </summary>
    private static ChatCompletionOptions WithTools(IReadOnlyList<ToolSpecification> tools)
    {
        var options = new ChatCompletionOptions();
        foreach (var tool in tools)
        {
            options.Tools.Add(ChatTool.CreateFunctionTool(tool.Name, tool.Description, BinaryData.FromString(tool.Schema)));
        }

        return options;
    }

    private static ModelAnswer? Committed(ModelCall call) =>
        CompletionReader.Read(call.Reply) is { } payload ? new ModelAnswer(call.Sequence!.Value, payload, call.Replayed) : null;

    private static ProtocolError NoAnswer(TimeSpan timeout) => new()
    {
        Status = GatewayTimeout, Code = ErrorCodes.ModelUnavailable, Detail = $"The model gave no answer within {timeout.TotalSeconds:0} s.",
    };

    private async Task<ModelAnswer?> AskAsync(
        IChatClient chat, List<Microsoft.Extensions.AI.ChatMessage> messages, ModelCallOptions options, CancellationToken cancellationToken)
    {
        var call = options.Call;
        var patience = timeout();
        using var limit = new CancellationTokenSource(patience, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            await chat.GetResponseAsync(messages, options, linked.Token);
            return call.Sequence is not null
                ? Committed(call)
                : throw new GatewayException("The reply to a model call does not say where its answer is committed.");
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            // The call goes on in the gateway, and the next request for this step joins it. No attempt is to blame.
            throw limit.IsCancellationRequested
                ? new GatewayException(NoAnswer(patience), exception)
                : new GatewayException("The gateway cannot be reached: no connection was made in time.", exception);
        }
        catch (ClientResultException exception) when (exception.GetRawResponse() is { IsError: true } response)
        {
            response.Headers.TryGetValue("Retry-After", out var header);
            var wait = RetryConditionHeaderValue.TryParse(header, out var value) ? GatewayErrors.RetryAfter(value, time.GetUtcNow()) : null;
            throw GatewayErrors.Read(response.Status, response.Content, wait);
        }
        catch (Exception exception) when (call.Sequence is not null && exception is not (OutOfMemoryException or OperationCanceledException))
        {
            // The answer is committed and paid for. Only the reply is broken, or not what the provider client expects.
            return Committed(call);
        }
        catch (Exception exception) when (exception is ClientResultException or HttpRequestException or IOException or System.Text.Json.JsonException)
        {
            throw new GatewayException($"The gateway gave no usable answer to a model call: {exception.Message}", exception);
        }
    }
}
