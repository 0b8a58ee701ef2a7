using AgentOperator.Protocol;

namespace AgentRunner.Conversations;

/// <summary>A tool call of an answer, with what is committed about it.</summary>
/// <param name="call">The call as the model made it, but for its id, which is unique within the answer.</param>
/// <param name="stepKey">The call's identity in every attempt; also its idempotency key.</param>
/// <param name="sentId">The id that goes back to the provider.</param>
internal sealed class CallState(ToolCall call, string stepKey, string sentId)
{
    private string? _shortened;
    private CallArguments? _arguments;

    /// <summary>The call as the model made it, but for its id, which is unique within the answer.</summary>
    public ToolCall Call { get; } = call;

    /// <summary>The call's identity in every attempt; also its idempotency key.</summary>
    public string StepKey { get; } = stepKey;

    /// <summary>The id that goes back to the provider.</summary>
    public string SentId { get; } = sentId;

    /// <summary>The name that goes back to the provider.</summary>
    public string SentName => ToolNames.ToSend(Call.Name);

    /// <summary>The arguments as they are understood.</summary>
    public CallArguments Arguments => _arguments ??= CallArguments.Read(Call.Arguments);

    /// <summary>The committed intent: with no outcome, the call was in flight when its pod was lost, or is now.</summary>
    public ToolIntentPayload? Intent { get; set; }

    /// <summary>The committed outcome; null while there is none.</summary>
    public CallOutcome? Outcome { get; set; }

    /// <summary>What is sent of the outcome.</summary>
    public string SentContent => _shortened ?? Outcome!.Content;

    /// <summary>Sends a stub from here on.</summary>
    public void Elide() => _shortened = ContextWindow.Stub(Outcome!.Content);

    /// <summary>Sends at most so many bytes from here on, or a sentence about them.</summary>
    public void Cut(int maxBytes)
    {
        if (Utf8.Size(SentContent) > maxBytes)
        {
            _shortened = ResultCut.To(Outcome!.Content, maxBytes);
        }
    }
}
