using System.Text.Json;
using AgentOperator.ControlRuntime;
using AgentOperator.Gateway.Bodies;
using AgentOperator.Journal;
using AgentOperator.Protocol;
using k8s.Autorest;

namespace AgentOperator.Gateway.Endpoints;

/// <summary>The one place where a failure becomes an HTTP answer.</summary>
internal static class ErrorMapping
{
    private const int RetryAfterSeconds = 1;

    /// <summary>The answer to a failure, or null when it is a defect that the host should log.</summary>
    public static ProtocolError? ToError(Exception exception) => exception switch
    {
        GatewayException gateway => gateway.ToError(),
        JournalException journal => new ProtocolError
        {
            Status = StatusOf(journal.Code),
            Code = journal.Code,
            Detail = journal.Message,
            HeadSequence = journal.HeadSequence,
            RetryAfterSeconds = journal.Code is ErrorCodes.JournalUnavailable or ErrorCodes.EpochNotClaimed ? RetryAfterSeconds : null,
        },
        BadHttpRequestException { StatusCode: StatusCodes.Status408RequestTimeout } => new ProtocolError
        {
            Status = StatusCodes.Status408RequestTimeout, Code = ErrorCodes.BodyTimeout, Detail = exception.Message,
        },
        BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } => new ProtocolError
        {
            Status = StatusCodes.Status413PayloadTooLarge,
            Code = ErrorCodes.RequestTooLarge,
            Detail = $"the body has more than {BodyReader.MaxBytes} bytes",
        },
        JsonException or BadHttpRequestException => new ProtocolError
        {
            Status = StatusCodes.Status400BadRequest,
            Code = ErrorCodes.InvalidRequest,
            Detail = exception is JsonException json ? DetailOf(json) : exception.Message,
        },
        HttpOperationException refused when refused.IsRefusedForGood() => null,
        HttpOperationException or HttpRequestException => new ProtocolError
        {
            // Whatever was asked of the API server: the request may be made again, and the outage is no defect of this process.
            Status = StatusCodes.Status503ServiceUnavailable,
            Code = ErrorCodes.JournalUnavailable,
            Detail = "the API server does not answer",
            RetryAfterSeconds = RetryAfterSeconds,
        },
        OperationCanceledException => new ProtocolError
        {
            // The runner that hung up gets no answer; for every other one the replica is stopping, and another will answer.
            Status = StatusCodes.Status503ServiceUnavailable,
            Code = ErrorCodes.JournalUnavailable,
            Detail = "this replica of the gateway is stopping",
            RetryAfterSeconds = RetryAfterSeconds,
        },
        _ => null,
    };

    /// <summary>Without the parser's own sentence, which may quote the body.</summary>
    private static string DetailOf(JsonException exception) => exception.Path is { } path
        ? $"{path}: has another type than this path takes"
        : $"the body is not JSON, or nested too deeply, at line {exception.LineNumber + 1}, byte {exception.BytePositionInLine}";

    private static int StatusOf(string code) => code switch
    {
        ErrorCodes.InvalidRequest => StatusCodes.Status400BadRequest,
        ErrorCodes.SequenceConflict => StatusCodes.Status409Conflict,
        ErrorCodes.StaleEpoch or ErrorCodes.RunFinished => StatusCodes.Status410Gone,
        ErrorCodes.RecordRefused => StatusCodes.Status422UnprocessableEntity,
        ErrorCodes.RecordTooLarge => StatusCodes.Status413PayloadTooLarge,
        ErrorCodes.EpochNotClaimed => 425,
        ErrorCodes.JournalUnavailable => StatusCodes.Status503ServiceUnavailable,
        _ => StatusCodes.Status500InternalServerError,
    };
}
