using AgentOperator.ModelServer.Calls;

namespace AgentOperator.ModelServer.Chat;

/// <summary>What is sent for a request.</summary>
/// <param name="Outcome">What the log says of it.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="Body">The body.</param>
internal sealed record ChatReply(CallOutcome Outcome, int Status, byte[] Body)
{
    /// <summary>Milliseconds to wait first. Default: 0.</summary>
    public int DelayMs { get; init; }

    /// <summary>The key of the effect to wait for first. Default: null.</summary>
    public string? HoldUntil { get; init; }

    /// <summary>Whether the connection closes in the middle of the body. Default: false.</summary>
    public bool DropHalfWay { get; init; }

    /// <summary>Headers besides the content's.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>A refusal with the given error.</summary>
    public static ChatReply Reject(int status, string code, string message) =>
        new(CallOutcome.Rejected, status, ErrorBody.Write(status, code, message));
}
