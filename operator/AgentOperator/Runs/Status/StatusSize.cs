using System.Text.Json;
using AgentOperator.Api;
using AgentOperator.ControlRuntime;

namespace AgentOperator.Runs.Status;

/// <summary>Keeps a status under its size, by shortening what people read least.</summary>
internal static class StatusSize
{
    /// <summary>The most bytes of JSON that a status may have.</summary>
    public const int MaxBytes = 16 * 1024;

    /// <summary>How much of the agent's answer is shown, in UTF-8 bytes; the journal has all of it.</summary>
    public const int MaxResultBytes = 4096;

    /// <summary>The steps of shortening, tried in order until the status fits.</summary>
    private static readonly (int Message, int Result, int Attempts)[] Steps =
    [
        (256, MaxResultBytes, AgentRunStatus.MaxAttempts),
        (96, MaxResultBytes, AgentRunStatus.MaxAttempts),
        (96, 1024, AgentRunStatus.MaxAttempts),
        (32, 256, 5),
        (0, 0, 2),
    ];

    public static AgentRunStatus Fit(AgentRunStatus status)
    {
        var fitting = status;
        foreach (var (message, result, attempts) in Steps)
        {
            if (BytesOf(fitting) <= MaxBytes)
            {
                break;
            }

            fitting = Shorten(status, message, result, attempts);
        }

        return fitting;
    }

    public static int BytesOf(AgentRunStatus status) => JsonSerializer.SerializeToUtf8Bytes(status, ApiJson.TypeInfo<AgentRunStatus>()).Length;

    private static AgentRunStatus Shorten(AgentRunStatus status, int message, int result, int attempts) => status with
    {
        Attempts = status.Attempts is { } records
            ? [.. records.TakeLast(attempts).Select(record => record with { Message = Cut(record.Message, message) })]
            : null,
        Conditions = status.Conditions is { } conditions
            ? [.. conditions.Select(condition => condition with { Message = Cut(condition.Message, message * 2) ?? "" })]
            : null,
        WaitingFor = Cut(status.WaitingFor, message * 2),
        Result = Cut(status.Result?.Text, result) is { } text ? new ResultStatus { Text = text } : null,
    };

    private static string? Cut(string? text, int maxBytes) => maxBytes == 0 ? null : TextLimit.Cut(text, maxBytes);
}
