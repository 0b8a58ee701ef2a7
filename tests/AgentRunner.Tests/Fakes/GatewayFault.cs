using AgentOperator.Protocol;

namespace AgentRunner.Tests.Fakes;

/// <summary>A refusal of the fake gateway.</summary>
internal sealed class GatewayFault(
    int status, string code, string detail, int? retryAfterSeconds = null, IReadOnlyList<string>? tools = null,
    (long Size, long Limit)? sizes = null) : Exception(detail)
{
    public ProtocolError Error { get; } = new()
    {
        Status = status,
        Code = code,
        Detail = detail,
        RetryAfterSeconds = retryAfterSeconds,
        RejectedTools = tools,
        RequestSize = sizes?.Size,
        MaxRequestSize = sizes?.Limit,
    };
}
