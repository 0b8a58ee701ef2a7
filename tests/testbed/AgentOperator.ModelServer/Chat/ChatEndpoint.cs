using System.Security.Cryptography;
using AgentOperator.ModelServer.Calls;
using AgentOperator.ModelServer.Effects;

namespace AgentOperator.ModelServer.Chat;

/// <summary><c>POST /v1/chat/completions</c>: reads, plays, logs, and only then sends.</summary>
internal sealed partial class ChatEndpoint(
    ChatPlayer player, ApiKeyCheck keys, CallLog log, EffectLedger effects, TimeProvider time, IHostApplicationLifetime lifetime,
    ILogger<ChatEndpoint> logger)
{
    public async Task HandleAsync(HttpContext context)
    {
        var started = time.GetTimestamp();
        var record = new CallRecord
        {
            Number = log.Begin(),
            Time = time.GetUtcNow(),
            RequestHash = "",
            IdempotencyKey = context.Request.Headers["Idempotency-Key"].FirstOrDefault(),
            Caller = context.Connection.RemoteIpAddress?.MapToIPv4().ToString(),
            Outcome = CallOutcome.ClientGone,
        };
        ChatReply? reply = null;
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        try
        {
            var body = await ReadBodyAsync(context.Request, ended.Token);
            record = record with { RequestHash = Convert.ToHexStringLower(SHA256.HashData(body)) };
            (record, reply) = await DecideAsync(context.Request, record, body, ended.Token);
            if (reply.HoldUntil is { } key)
                await effects.WaitAsync(record.Scenario!, key, ended.Token);
            if (reply.DelayMs > 0)
                await Task.Delay(TimeSpan.FromMilliseconds(reply.DelayMs), time, ended.Token);
            ended.Token.ThrowIfCancellationRequested();
            record = record with { Outcome = reply.Outcome, Status = reply.Status };
        }
        catch (Exception error) when (ended.IsCancellationRequested && error is (OperationCanceledException or IOException))
        {
            reply = null;
            record = record with { Outcome = context.RequestAborted.IsCancellationRequested ? CallOutcome.ClientGone : CallOutcome.Dropped };
        }

        catch (BadHttpRequestException error)
        {
            reply = ChatReply.Reject(error.StatusCode, "bad_request", error.Message);
            record = record with { Outcome = reply.Outcome, Status = reply.Status };
        }

        record = record with { DurationMs = (long)time.GetElapsedTime(started).TotalMilliseconds };
        log.Add(record);
        LogCall(record.Number, record.Scenario, record.Run, record.Step, record.Status, record.Outcome, record.DurationMs);
        if (reply is null)
            context.Abort();
        else
            await SendAsync(context, reply);
    }

    private async Task<(CallRecord Record, ChatReply Reply)> DecideAsync(HttpRequest http, CallRecord record, byte[] body, CancellationToken ct)
    {
        ChatRequest request;
        try
        {
            request = ChatRequestReader.Read(body, http.Headers["X-Run"].FirstOrDefault());
        }
        catch (ChatRequestException error)
        {
            return (record, keys.Passes(http) ? ChatReply.Reject(StatusCodes.Status400BadRequest, "bad_request", error.Message) : WrongKey());
        }

        record = record with { Scenario = request.Model, Run = request.Run, Step = request.Step, Messages = request.Messages };
        return (record, keys.Passes(http) ? await player.PlayAsync(request, ct) : WrongKey());
    }

    private static ChatReply WrongKey() =>
        ChatReply.Reject(StatusCodes.Status401Unauthorized, "invalid_api_key", "The API key is missing or wrong.");

    private static async Task<byte[]> ReadBodyAsync(HttpRequest request, CancellationToken ct)
    {
        using var buffer = new MemoryStream();
        await request.Body.CopyToAsync(buffer, ct);
        return buffer.ToArray();
    }

    private static async Task SendAsync(HttpContext context, ChatReply reply)
    {
        var response = context.Response;
        response.StatusCode = reply.Status;
        response.ContentType = "application/json";
        response.ContentLength = reply.Body.Length;
        foreach (var (name, value) in reply.Headers)
            response.Headers[name] = value;
        if (!reply.DropHalfWay)
        {
            await response.Body.WriteAsync(reply.Body, context.RequestAborted);
            return;
        }

        await response.Body.WriteAsync(reply.Body.AsMemory(0, reply.Body.Length / 2), context.RequestAborted);
        await response.Body.FlushAsync(context.RequestAborted);
        context.Abort();
    }

    [LoggerMessage(LogLevel.Information, "Call {Number}: scenario {Scenario}, run {Run}, step {Step}: status {Status}, {Outcome}, {DurationMs} ms")]
    private partial void LogCall(long number, string? scenario, string? run, int? step, int? status, CallOutcome outcome, long durationMs);
}
