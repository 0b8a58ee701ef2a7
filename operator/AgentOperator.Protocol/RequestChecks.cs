using System.Text.Json;
using static AgentOperator.Protocol.PayloadField;

namespace AgentOperator.Protocol;

/// <summary>
/// What the body of each request must hold. The gateway checks it before it reads the message, so that an author of a runner is told the field and
/// what it must be. Fields that are not known are ignored: a newer runner may send them.
/// </summary>
public static class RequestChecks
{
    private static readonly PayloadField[] AppendFields =
    [
        Sequence("expectedSequence"),
        NonEmptyList("records", Text("kind"), PayloadField.Object("payload"), OptionalText("stepKey"), OptionalText("callId")),
    ];

    private static readonly PayloadField[] HeartbeatFields = [Count("step"), OptionalText("message")];

    private static readonly PayloadField[] ResultFields =
    [
        Sequence("expectedSequence"),
        PayloadField.Object("result", OneOf<RunOutcome>("outcome"), Text("reason"), OptionalText("message"), OptionalText("result")),
    ];

    /// <summary>What is wrong with the body of an <see cref="AppendRequest"/>; null when nothing is.</summary>
    /// <param name="body">The body.</param>
    public static string? FindAppendProblem(JsonElement body) => FindProblemOf(body, AppendFields);

    /// <summary>What is wrong with the body of a <see cref="HeartbeatRequest"/>; null when nothing is.</summary>
    /// <param name="body">The body.</param>
    public static string? FindHeartbeatProblem(JsonElement body) => FindProblemOf(body, HeartbeatFields);

    /// <summary>What is wrong with the body of a <see cref="ResultRequest"/>; null when nothing is.</summary>
    /// <param name="body">The body.</param>
    public static string? FindResultProblem(JsonElement body) => FindProblemOf(body, ResultFields);

    private static string? FindProblemOf(JsonElement body, PayloadField[] fields) =>
        PayloadField.FindProblem(body, fields) is not { } problem ? null
        : problem.StartsWith('.') ? problem[1..]
        : $"the body{problem}";
}
