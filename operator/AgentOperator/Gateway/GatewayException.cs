using AgentOperator.Gateway.Models;
using AgentOperator.Protocol;

namespace AgentOperator.Gateway;

/// <summary>An answer that is not a success, on its way to the client.</summary>
internal sealed class GatewayException(int status, string code, string detail, int? retryAfterSeconds = null, Exception? inner = null)
    : Exception(detail, inner)
{
    private IReadOnlyList<string>? RejectedTools { get; init; }

    private RequestSize? Size { get; init; }

    public ProtocolError ToError() => new()
    {
        Status = status,
        Code = code,
        Detail = Message,
        RejectedTools = RejectedTools,
        RequestSize = Size?.Size,
        MaxRequestSize = Size?.Limit,
        RetryAfterSeconds = retryAfterSeconds,
    };

    public static GatewayException Unauthorized(string detail) => new(StatusCodes.Status401Unauthorized, ErrorCodes.Unauthorized, detail);

    public static GatewayException NotARunner(string detail) => new(StatusCodes.Status403Forbidden, ErrorCodes.NotARunner, detail);

    public static GatewayException Invalid(string detail) => new(StatusCodes.Status400BadRequest, ErrorCodes.InvalidRequest, detail);

    public static GatewayException BudgetExhausted(string detail) => new(StatusCodes.Status402PaymentRequired, ErrorCodes.BudgetExhausted, detail);

    public static GatewayException CallInProgress(int retryAfterSeconds) => new(
        StatusCodes.Status409Conflict, ErrorCodes.CallInProgress,
        "another step's model call of this run is under way; a run makes one model call at a time", retryAfterSeconds);

    public static GatewayException KeyReused(long sequence) => new(
        StatusCodes.Status422UnprocessableEntity, ErrorCodes.KeyReused,
        $"{Routes.IdempotencyKeyHeader}: record {sequence} has this key's answer, to a request with another body");

    public static GatewayException TooManyRequests(string detail, int retryAfterSeconds) =>
        new(StatusCodes.Status429TooManyRequests, ErrorCodes.TooManyRequests, detail, retryAfterSeconds);

    public static GatewayException ContextTooLong(string detail, RequestSize? size) =>
        new(StatusCodes.Status413PayloadTooLarge, ErrorCodes.ContextTooLong, detail) { Size = size };

    public static GatewayException ModelRejected(string detail, IReadOnlyList<string>? tools) =>
        new(StatusCodes.Status422UnprocessableEntity, ErrorCodes.ModelRejected, detail) { RejectedTools = tools };

    public static GatewayException ModelUnavailable(string detail, int retryAfterSeconds, Exception? inner = null) =>
        new(StatusCodes.Status503ServiceUnavailable, ErrorCodes.ModelUnavailable, detail, retryAfterSeconds, inner);
}
