using AgentOperator.Protocol;

namespace AgentRunner.Conversations;

/// <summary>A tool call of an answer, with what is committed about it.</summary>
internal sealed class CallState(ToolCall call, string stepKey)
{
    private string? stub;

    /// <summary>The call; its id is unique within the answer.</summary>
    public ToolCall Call { get; } = call;

    /// <summary>The call's identity in every attempt; also its idempotency key.</summary>
    public string StepKey { get; } = stepKey;

    /// <summary>The committed intent: with no outcome, the call was in flight when its pod was lost, or is now.</summary>
    public ToolIntentPayload? Intent { get; set; }

    /// <summary>The committed outcome; null while there is none.</summary>
    public CallOutcome? Outcome { get; set; }

    /// <summary>What stands for the outcome when it is elided.</summary>
    public string Stub => stub ??= ContextWindow.Stub(Outcome!.Content);
}
