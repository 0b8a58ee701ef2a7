using AgentOperator.Api;

namespace AgentOperator.Runs.Status;

/// <summary>
/// A status without the texts that came from elsewhere, for a server that refuses the full one. It keeps what programs and the operator itself
/// act on: phase, reasons, outcomes, numbers, times.
/// </summary>
internal static class PlainStatus
{
    /// <summary>Takes the place of the agent's answer.</summary>
    public const string ResultSentence = "The answer is left out: the API server refused the status that held it. The journal has it.";

    /// <summary>Takes the place of any other text.</summary>
    public const string Sentence = "The message is left out: the API server refused the status that held it.";

    /// <summary>Takes the place of a reason that is not one word.</summary>
    private const string UnknownReason = "Unknown";

    private const int MaxWordLength = 128;

    /// <summary>The status with fixed sentences as its texts.</summary>
    public static AgentRunStatus Of(AgentRunStatus status) => status with
    {
        Conditions = status.Conditions is { } conditions
            ? [.. conditions.Select(condition => condition with { Message = Sentence, Reason = WordOrNull(condition.Reason) ?? UnknownReason })]
            : null,
        Attempts = status.Attempts is { } attempts
            ? [.. attempts.Select(attempt => attempt with { Message = InPlaceOf(attempt.Message, Sentence), Reason = WordOrNull(attempt.Reason) })]
            : null,
        Checkpoint = status.Checkpoint is { } checkpoint ? checkpoint with { Summary = null } : null,
        Progress = status.Progress is { } progress ? progress with { Message = null } : null,
        WaitingFor = InPlaceOf(status.WaitingFor, Sentence),
        Result = status.Result is { } result ? result with { Text = InPlaceOf(result.Text, ResultSentence) } : null,
    };

    /// <summary>Whether two statuses have the same texts, so that the server's refusal of one holds for the other.</summary>
    public static bool HaveSameTexts(AgentRunStatus one, AgentRunStatus other) => Texts(one).SequenceEqual(Texts(other), StringComparer.Ordinal);

    private static IEnumerable<string?> Texts(AgentRunStatus status) =>
    [
        .. (status.Conditions ?? []).SelectMany(condition => (string?[])[condition.Reason, condition.Message]),
        .. (status.Attempts ?? []).SelectMany(attempt => (string?[])[attempt.Reason, attempt.Message]),
        status.Checkpoint?.Summary,
        status.Progress?.Message,
        status.WaitingFor,
        status.Result?.Text,
    ];

    private static string? InPlaceOf(string? text, string sentence) => text is null ? null : sentence;

    /// <summary>A reason as Kubernetes and the operator write them; policies read it. Null for anything else.</summary>
    private static string? WordOrNull(string? reason) =>
        reason is { Length: > 0 and <= MaxWordLength } && reason.All(char.IsAsciiLetterOrDigit) ? reason : null;
}
