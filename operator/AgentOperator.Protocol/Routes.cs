namespace AgentOperator.Protocol;

/// <summary>Paths and headers of the gateway. <c>docs/protocol.md</c> describes them for other languages.</summary>
public static class Routes
{
    /// <summary>GET: <see cref="RunDescription"/>.</summary>
    public const string Run = "/v1/run";

    /// <summary>GET: <see cref="RunDescription"/> with the journal's first page: everything a new attempt needs, in one response.</summary>
    public const string RunWithJournal = "/v1/run?journal=true";

    /// <summary>GET <c>?after=N</c>: <see cref="JournalPage"/>. POST: <see cref="AppendRequest"/> to <see cref="AppendResponse"/>.</summary>
    public const string Journal = "/v1/run/journal";

    /// <summary>POST: <see cref="HeartbeatRequest"/> to <see cref="HeartbeatResponse"/>.</summary>
    public const string Heartbeat = "/v1/run/heartbeat";

    /// <summary>POST: OpenAI-compatible chat completion; the answer is committed before it is returned.</summary>
    public const string ChatCompletions = "/v1/run/chat/completions";

    /// <summary>POST: <see cref="ResultRequest"/> to <see cref="AppendResponse"/>.</summary>
    public const string Result = "/v1/run/result";

    /// <summary>Request header of a model call: its step key.</summary>
    public const string IdempotencyKeyHeader = "Idempotency-Key";

    /// <summary>Request header of a model call: the journal's head as the runner knows it.</summary>
    public const string ExpectedSequenceHeader = "Agent-Expected-Sequence";

    /// <summary>
    /// Request header of a model call: <c>true</c> when this runner has asked for the step before and got no answer. The gateway then looks for the
    /// call at its other replicas before it makes one.
    /// </summary>
    public const string RepeatedHeader = "Agent-Repeated";

    /// <summary>Response header of a model call: the sequence of the committed answer.</summary>
    public const string SequenceHeader = "Agent-Sequence";

    /// <summary>Response header of a model call: <c>true</c> when the answer came from the journal and the model was not called.</summary>
    public const string ReplayedHeader = "Agent-Replayed";

    /// <summary>Field of the response to a model call: the committed <see cref="ModelAnswerPayload"/>.</summary>
    public const string AnswerField = "agent_answer";
}
