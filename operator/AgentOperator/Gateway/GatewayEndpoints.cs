using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using AgentOperator.Api;
using AgentOperator.Gateway.Peers;
using AgentOperator.Journal;
using AgentOperator.Protocol;

namespace AgentOperator.Gateway;

/// <summary>The gateway's paths; see <c>docs/protocol.md</c>.</summary>
internal static partial class GatewayEndpoints
{
    private const int PageBytes = 1024 * 1024;
    private const int MaxAppendBytes = 4 * 1024 * 1024;

    public static void MapGateway(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(Routes.Run, context => ServeAsync(context, DescribeAsync));
        routes.MapGet(Routes.Journal, context => ServeAsync(context, ReadJournalAsync));
        routes.MapPost(Routes.Journal, context => ServeAsync(context, AppendAsync));
        routes.MapPost(Routes.Heartbeat, context => ServeAsync(context, HeartbeatAsync));
        routes.MapPost(Routes.ChatCompletions, context => ServeAsync(context, CompleteAsync));
        routes.MapPost(PeerEndpoint.Path, context => ServeAsync(context, CommitForPeerAsync));
        routes.MapPost(Routes.Result, context => ServeAsync(context, FinishAsync));
    }

    private static async Task ServeAsync(HttpContext context, Func<HttpContext, RunnerIdentity, AgentRun, Task> handler)
    {
        var services = context.RequestServices;
        try
        {
            var (runner, run) = await services.GetRequiredService<RunnerAuthenticator>().AuthenticateAsync(context.Request, context.RequestAborted);
            await handler(context, runner, run);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The runner hung up: nobody waits for an answer.
        }
        catch (Exception exception)
        {
            var logger = services.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(GatewayEndpoints));
            var error = ErrorMapping.ToError(exception);
            if (error is null)
            {
                LogDefect(logger, exception, context.Request.Path);
                error = new ProtocolError { Status = 500, Code = ErrorCodes.JournalUnavailable, Detail = "the gateway failed; see its log", RetryAfterSeconds = 5 };
            }
            else
            {
                LogRefused(logger, context.Request.Path, error.Code, error.Detail);
            }

            services.GetRequiredService<GatewayMetrics>().Refused(error.Code);
            if (error.RetryAfterSeconds is { } seconds)
            {
                context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
            }

            await WriteAsync(context, error, ProtocolJson.Default.ProtocolError, error.Status, "application/problem+json");
        }
    }

    private static async Task DescribeAsync(HttpContext context, RunnerIdentity runner, AgentRun run)
    {
        var withJournal = context.Request.Query["journal"] == "true";

        // A new attempt's: nobody but itself writes after its claim, and its next request is refused if it was told too little.
        var journal = await OwnedReadingAsync(context, runner, after: 0, withJournal ? PageBytes : 1, claimedEpoch: runner.Writer.Epoch);
        var frozen = JournalRules.Read(journal.Records[0], ProtocolJson.Default.RunStartedPayload);
        var description = RunDescriptionFactory.Create(run, frozen, journal.Head, runner.Writer.Epoch, context.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow());
        await WriteAsync(context, withJournal ? description with { Journal = PageOf(journal) } : description, ProtocolJson.Default.RunDescription);
    }

    private static async Task ReadJournalAsync(HttpContext context, RunnerIdentity runner, AgentRun run)
    {
        var text = context.Request.Query["after"].ToString();
        long after = 0;
        if (text.Length > 0 && !long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out after))
        {
            throw GatewayException.Invalid("after: is not a sequence number");
        }

        var journal = await OwnedReadingAsync(context, runner, after, PageBytes);
        await WriteAsync(context, PageOf(journal), ProtocolJson.Default.JournalPage);
    }

    private static JournalPage PageOf(JournalReading journal) => new(journal.Records, journal.Head.Sequence);

    private static async Task AppendAsync(HttpContext context, RunnerIdentity runner, AgentRun run)
    {
        var request = await ReadAsync(context, ProtocolJson.Default.AppendRequest, MaxAppendBytes);
        if (request.Records is null || request.Records.Any(record => !RecordKinds.IsAppendableByRunner(record.Kind)))
        {
            throw GatewayException.Invalid(
                "records: a runner appends ToolIntent, ToolResult, ToolFailed, ToolUnknown and ToolsLeftOut; the rest is the gateway's");
        }

        foreach (var record in request.Records.Where(record => record.Kind == RecordKinds.ToolsLeftOut))
        {
            // It becomes part of the journal's head, so one that cannot be read must not get in.
            if (record.Payload.Deserialize(ProtocolJson.Default.ToolsLeftOutPayload)?.Tools is not { Count: > 0 } tools
                || tools.Any(tool => tool is not { Tool.Length: > 0, Reason: not null }))
            {
                throw GatewayException.Invalid("records: a ToolsLeftOut record names at least one tool, each with a reason");
            }
        }

        // A write that has begun is ended: the runner may hang up, and the record counts all the same.
        var head = await Journal(context).AppendAsync(runner.Run, runner.Writer, request.ExpectedSequence, request.Records, Stopped(context));
        await WriteAsync(context, new AppendResponse(head.Sequence), ProtocolJson.Default.AppendResponse);
    }

    private static async Task FinishAsync(HttpContext context, RunnerIdentity runner, AgentRun run)
    {
        var request = await ReadAsync(context, ProtocolJson.Default.ResultRequest, MaxAppendBytes);
        var payload = JsonSerializer.SerializeToElement(request.Result, ProtocolJson.Default.RunFinishedPayload);
        var head = await Journal(context).AppendAsync(
            runner.Run, runner.Writer, request.ExpectedSequence, [new NewRecord(RecordKinds.RunFinished, payload)], Stopped(context));
        await WriteAsync(context, new AppendResponse(head.Sequence), ProtocolJson.Default.AppendResponse);
    }

    private static async Task HeartbeatAsync(HttpContext context, RunnerIdentity runner, AgentRun run)
    {
        _ = await ReadAsync(context, ProtocolJson.Default.HeartbeatRequest, MaxAppendBytes);

        // Every runner beats every few seconds: the store is asked only when what is known here is from before this runner's time.
        var known = Journal(context).KnownHead(runner.Run);
        var head = known?.Epoch >= runner.Writer.Epoch ? known : await OwnedHeadAsync(Journal(context), runner, context.RequestAborted);
        JournalRules.CheckWriter(head, runner.Writer);
        JournalRules.CheckOpen(head);
        await context.RequestServices.GetRequiredService<IHeartbeatWriter>().RecordAsync(
            runner, TimeSpan.FromSeconds(Math.Max(1, run.Spec.Recovery.HeartbeatTimeoutSeconds / 3)), context.RequestAborted);
        var stop = run.Metadata.DeletionTimestamp is not null ? "the run is being deleted" : run.Spec.Suspend ? "the run is suspended" : null;
        await WriteAsync(
            context,
            new HeartbeatResponse(stop is null ? HeartbeatDirective.Continue : HeartbeatDirective.Stop, stop),
            ProtocolJson.Default.HeartbeatResponse);
    }

    private static async Task CommitForPeerAsync(HttpContext context, RunnerIdentity runner, AgentRun run)
    {
        var (stepKey, expected) = StepOf(context.Request);
        var committed = await context.RequestServices.GetRequiredService<ModelProxy>().CommitForPeerAsync(runner, stepKey, expected, context.RequestAborted);
        context.Response.StatusCode = committed ? StatusCodes.Status204NoContent : StatusCodes.Status404NotFound;
    }

    private static (string StepKey, long ExpectedSequence) StepOf(HttpRequest request)
    {
        var stepKey = request.Headers[Routes.IdempotencyKeyHeader].ToString();
        if (stepKey.Length is 0 or > 128)
        {
            throw GatewayException.Invalid($"{Routes.IdempotencyKeyHeader}: the step's key is needed, at most 128 characters");
        }

        return long.TryParse(request.Headers[Routes.ExpectedSequenceHeader].ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var expected)
            ? (stepKey, expected)
            : throw GatewayException.Invalid($"{Routes.ExpectedSequenceHeader}: the journal's head as the runner knows it is needed");
    }

    private static async Task CompleteAsync(HttpContext context, RunnerIdentity runner, AgentRun run)
    {
        var (stepKey, expected) = StepOf(context.Request);
        var body = await BodyAsync(context, ModelRequest.MaxBytes);
        var reply = await context.RequestServices.GetRequiredService<ModelProxy>().CompleteAsync(
            runner, run, context.Request.Headers.Authorization.ToString(), stepKey, expected, body, context.RequestAborted);
        context.Response.Headers[Routes.SequenceHeader] = reply.Sequence.ToString(CultureInfo.InvariantCulture);
        context.Response.Headers[Routes.ReplayedHeader] = reply.Replayed ? "true" : "false";
        context.Response.ContentType = "application/json";
        var answer = ChatCompletion.Write(stepKey, reply.Answer);
        context.Response.ContentLength = answer.Length;
        await context.Response.Body.WriteAsync(answer, context.RequestAborted);
    }

    /// <summary>The head, read from the store, for a runner that owns the newest epoch; anyone else is refused.</summary>
    private static async Task<JournalHead> OwnedHeadAsync(IJournalStore journal, RunnerIdentity runner, CancellationToken cancellationToken)
    {
        var head = await journal.ReadHeadAsync(runner.Run, cancellationToken)
            ?? throw new JournalException(ErrorCodes.EpochNotClaimed, "the run has no journal yet");
        JournalRules.CheckWriter(head, runner.Writer);
        return head;
    }

    /// <summary>Records of the journal, for a runner that owns the newest epoch; anyone else is refused.</summary>
    private static async Task<JournalReading> OwnedReadingAsync(HttpContext context, RunnerIdentity runner, long after, int maxBytes, int? claimedEpoch = null)
    {
        var reading = await Journal(context).ReadAsync(runner.Run, after, maxBytes, context.RequestAborted, claimedEpoch);
        JournalRules.CheckWriter(reading.Head, runner.Writer);
        return reading;
    }

    private static IJournalStore Journal(HttpContext context) => context.RequestServices.GetRequiredService<IJournalStore>();

    private static CancellationToken Stopped(HttpContext context) =>
        context.RequestServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopped;

    private static async Task<T> ReadAsync<T>(HttpContext context, JsonTypeInfo<T> type, int maxBytes)
        where T : class
    {
        var body = await BodyAsync(context, maxBytes);
        return JsonSerializer.Deserialize(body.Span, type) ?? throw GatewayException.Invalid("the body is null");
    }

    private static async Task<ReadOnlyMemory<byte>> BodyAsync(HttpContext context, int maxBytes)
    {
        if (context.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = maxBytes;
        }

        using var buffer = new MemoryStream((int)Math.Min(context.Request.ContentLength ?? 0, maxBytes));
        try
        {
            await context.Request.Body.CopyToAsync(buffer, context.RequestAborted);
        }
        catch (IOException exception) when (exception is not BadHttpRequestException)
        {
            // The runner died while it sent: Kestrel may tell so before it cancels.
            throw GatewayException.Invalid("the body breaks off");
        }

        return buffer.GetBuffer().AsMemory(0, (int)buffer.Length);
    }

    private static async Task WriteAsync<T>(HttpContext context, T value, JsonTypeInfo<T> type, int status = 200, string contentType = "application/json")
    {
        if (context.Response.HasStarted)
        {
            return;
        }

        context.Response.StatusCode = status;
        context.Response.ContentType = contentType;
        var bytes = JsonSerializer.SerializeToUtf8Bytes(value, type);
        context.Response.ContentLength = bytes.Length;
        await context.Response.Body.WriteAsync(bytes, context.RequestAborted);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Gateway path {Path} failed")]
    private static partial void LogDefect(ILogger logger, Exception exception, string path);

    [LoggerMessage(Level = LogLevel.Information, Message = "Gateway path {Path} refused: {Code}: {Detail}")]
    private static partial void LogRefused(ILogger logger, string path, string code, string detail);
}
