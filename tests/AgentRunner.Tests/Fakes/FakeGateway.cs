using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AgentOperator.Protocol;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.DependencyInjection;

namespace AgentRunner.Tests.Fakes;

/// <summary>The gateway's protocol on a loopback port, with a scripted model behind it.</summary>
internal sealed class FakeGateway : IAsyncDisposable
{
    private const int PageSize = 50;

    private readonly WebApplication _app;
    private readonly ConcurrentQueue<ModelRequest> _requests = new();
    private readonly List<Fault> _faults = [];
    private readonly ConcurrentQueue<string> _tooLarge = new();
    private int _refused;
    private readonly ConcurrentQueue<HeartbeatRequest> _heartbeats = new();

    private FakeGateway(WebApplication app, RunDescription run)
    {
        _app = app;
        Run = run;
    }

    public FakeJournal Journal { get; } = new();

    public RunDescription Run { get; set; }

    public IReadOnlyList<ModelStep> Script { get; set; } = [ModelStep.Say("done")];

    /// <summary>The model calls that were sampled.</summary>
    public IReadOnlyList<ModelRequest> Sampled => [.. _requests];

    public IReadOnlyList<HeartbeatRequest> Heartbeats => [.. _heartbeats];

    /// <summary>How many requests were refused.</summary>
    public int Refused => Volatile.Read(ref _refused);

    /// <summary>What heartbeats are answered.</summary>
    public HeartbeatResponse Directive { get; set; } = new(HeartbeatDirective.Continue);

    /// <summary>Awaited before the model answers.</summary>
    public Func<int, CancellationToken, Task> BeforeAnswer { get; set; } = (_, _) => Task.CompletedTask;

    /// <summary>The largest record that is taken.</summary>
    public int MaxRecordBytes { get; set; } = 512 * 1024;

    /// <summary>The tools of a request, by its body, that the provider refuses.</summary>
    public Func<string, IReadOnlyList<string>> Refuses { get; set; } = _ => [];

    /// <summary>The largest request that the provider takes; null takes any.</summary>
    public int? MaxRequestBytes { get; set; }

    /// <summary>Whether the provider says by how much a request is too large.</summary>
    public bool SaysSizes { get; set; }

    /// <summary>The requests that were too large.</summary>
    public IReadOnlyList<string> TooLarge => [.. _tooLarge];

    /// <summary>Changes the reply of a model call after its answer was committed.</summary>
    public Func<string, string> MangleReply { get; set; } = reply => reply;

    /// <summary>Whether the run's description has the journal's first page when it is asked for: an older gateway's has not.</summary>
    public bool SaysJournal { get; set; } = true;

    /// <summary>The newest schema version of records that it takes: an older gateway refuses later kinds.</summary>
    public int NewestVersion { get; set; } = JournalRecord.CurrentSchemaVersion;

    /// <summary>Whether model calls are answered with the sequence of the answer's record.</summary>
    public bool SaysSequence { get; set; } = true;

    public Uri BaseUri => new(_app.Urls.First());

    public static async Task<FakeGateway> StartAsync(RunDescription run)
    {
        var builder = LoopbackServer.CreateBuilder();
        builder.Services.Configure<JsonOptions>(options => options.SerializerOptions.TypeInfoResolverChain.Insert(0, ProtocolJson.Default));
        var app = builder.Build();
        var gateway = new FakeGateway(app, run);
        gateway.Map();
        gateway.Journal.Force(new NewRecord(RecordKinds.RunStarted, JsonSerializer.SerializeToElement(
            new RunStartedPayload(run.Lineage, "", Spec(run)), ProtocolJson.Default.RunStartedPayload)));
        await app.StartAsync();
        return gateway;
    }

    /// <summary>Makes something go wrong once.</summary>
    public void Inject(Fault fault)
    {
        lock (_faults)
        {
            _faults.Add(fault);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
    }

    private static JsonElement Spec(RunDescription run)
    {
        var spec = new JsonObject
        {
            ["task"] = run.Task,
            ["model"] = new JsonObject { ["name"] = run.Model.Name },
            ["limits"] = new JsonObject { ["maxContextBytes"] = run.Limits.MaxContextBytes },
        };
        if (run.Instructions is not null)
        {
            spec["instructions"] = run.Instructions;
        }

        if (run.Model.MaxOutputTokens is { } tokens)
        {
            spec["model"]!["maxOutputTokens"] = tokens;
        }

        return JsonElement.Parse(spec.ToJsonString());
    }

    private JournalPage Page(int after)
    {
        var all = Journal.Records;
        return new JournalPage([.. all.Skip(after).Take(PageSize)], all.Count);
    }

    private static int EpochOf(HttpContext context) =>
        context.Request.Headers.Authorization.ToString() is ['B', 'e', 'a', 'r', 'e', 'r', ' ', 'e', 'p', 'o', 'c', 'h', '-', .. var number]
            ? int.Parse(number, CultureInfo.InvariantCulture)
            : throw new GatewayFault(401, ErrorCodes.Unauthorized, "the token is not good");

    private void Map()
    {
        MapRoute("GET", Routes.Run, (context, epoch) => Task.FromResult(JsonSerializer.Serialize(
            Run with
            {
                Epoch = epoch,
                HeadSequence = Journal.Head,
                Journal = context.Request.Query["journal"] == "true" && SaysJournal ? Page(0) : null,
            },
            ProtocolJson.Default.RunDescription)));
        MapRoute("GET", Routes.Journal, (context, _) => Task.FromResult(JsonSerializer.Serialize(
            Page(int.Parse(context.Request.Query["after"].ToString(), CultureInfo.InvariantCulture)), ProtocolJson.Default.JournalPage)));
        MapRoute("POST", Routes.Journal, async (context, epoch) =>
        {
            var request = (await JsonSerializer.DeserializeAsync(context.Request.Body, ProtocolJson.Default.AppendRequest))!;
            if (request.Records.Any(record => record.Payload.GetRawText().Length > MaxRecordBytes))
            {
                throw new GatewayFault(413, ErrorCodes.RecordTooLarge, "the record is too large");
            }

            if (request.Records.FirstOrDefault(record =>
                !RecordKinds.IsAppendableByRunner(record.Kind) || RecordKinds.SchemaVersionOf(record.Kind) > NewestVersion) is { } wrong)
            {
                throw new GatewayFault(400, ErrorCodes.InvalidRequest, $"a runner does not append {wrong.Kind}");
            }

            if (request.Records.Select(RecordChecks.FindProblem).FirstOrDefault(found => found is not null) is { } problem)
            {
                throw new GatewayFault(400, ErrorCodes.InvalidRequest, problem);
            }

            return Head(Journal.Append(epoch, request.ExpectedSequence, request.Records));
        });
        MapRoute("POST", Routes.Result, async (context, epoch) =>
        {
            var request = (await JsonSerializer.DeserializeAsync(context.Request.Body, ProtocolJson.Default.ResultRequest))!;
            if (!TerminationReasons.EndsRun(request.Result.Reason))
            {
                throw new GatewayFault(400, ErrorCodes.InvalidRequest, $"the gateway would change the reason {request.Result.Reason}");
            }

            return Head(Journal.Append(epoch, request.ExpectedSequence, [new NewRecord(
                RecordKinds.RunFinished, JsonSerializer.SerializeToElement(request.Result, ProtocolJson.Default.RunFinishedPayload))]));
        });
        MapRoute("POST", Routes.Heartbeat, async (context, epoch) =>
        {
            Journal.Fence(epoch);
            _heartbeats.Enqueue((await JsonSerializer.DeserializeAsync(context.Request.Body, ProtocolJson.Default.HeartbeatRequest))!);
            return JsonSerializer.Serialize(Directive, ProtocolJson.Default.HeartbeatResponse);
        });
        MapRoute("POST", Routes.ChatCompletions, CompleteAsync);
    }

    private static string Head(long sequence) => JsonSerializer.Serialize(new AppendResponse(sequence), ProtocolJson.Default.AppendResponse);

    private async Task<string> CompleteAsync(HttpContext context, int epoch)
    {
        Journal.Fence(epoch);
        using var reader = new StreamReader(context.Request.Body, Encoding.UTF8);
        var body = await reader.ReadToEndAsync();
        var key = context.Request.Headers[Routes.IdempotencyKeyHeader].ToString();
        var expected = long.Parse(context.Request.Headers[Routes.ExpectedSequenceHeader].ToString(), CultureInfo.InvariantCulture);
        var replayed = Journal.FindAnswer(key);
        if (replayed is not null)
        {
            context.Response.Headers[Routes.ReplayedHeader] = "true";
        }
        else
        {
            if (expected != Journal.Head)
            {
                throw new GatewayFault(409, ErrorCodes.SequenceConflict, $"the head is {Journal.Head}");
            }

            var step = Journal.Count(RecordKinds.ModelAnswer);
            if (Refuses(body) is { Count: > 0 } tools)
            {
                throw new GatewayFault(422, ErrorCodes.ModelRejected, "the model endpoint answered 400 (invalid_function_parameters)", tools: tools);
            }

            if (Encoding.UTF8.GetByteCount(body) is var size && size > MaxRequestBytes)
            {
                _tooLarge.Enqueue(body);
                throw new GatewayFault(
                    413, ErrorCodes.ContextTooLong, "The model endpoint answered 400 (context_length_exceeded).",
                    sizes: SaysSizes ? (size / 4, MaxRequestBytes.Value / 4) : null);
            }

            _requests.Enqueue(new ModelRequest(step, key, body, epoch));
            await BeforeAnswer(step, context.RequestAborted);
            var answer = Answer(Script[Math.Min(step, Script.Count - 1)], body.Length);
            Journal.Append(epoch, expected, [new NewRecord(
                RecordKinds.ModelAnswer, JsonSerializer.SerializeToElement(answer, ProtocolJson.Default.ModelAnswerPayload), key)]);
            replayed = Journal.FindAnswer(key)!;
        }

        if (SaysSequence)
        {
            context.Response.Headers[Routes.SequenceHeader] = replayed.Sequence.ToString(CultureInfo.InvariantCulture);
        }

        return MangleReply(Completion(replayed.Payload.Deserialize(ProtocolJson.Default.ModelAnswerPayload)!));
    }

    private static ModelAnswerPayload Answer(ModelStep step, int requestBytes) => new()
    {
        Model = "scripted-1",
        Text = step.Text,
        Reasoning = step.Reasoning,
        ToolCalls = step.Calls,
        Extra = step.Extra,
        FinishReason = step.FinishReason,
        Usage = new TokenUsage(requestBytes / 4, 20, 5),
    };

    private static string Completion(ModelAnswerPayload answer)
    {
        var message = new JsonObject { ["role"] = "assistant", ["content"] = answer.Text };
        if (answer.Reasoning is not null)
        {
            message["reasoning_content"] = answer.Reasoning;
        }

        if (answer.ToolCalls.Count > 0)
        {
            message["tool_calls"] = new JsonArray([.. answer.ToolCalls.Select(call => new JsonObject
            {
                ["id"] = call.Id,
                ["type"] = "function",
                ["function"] = new JsonObject { ["name"] = call.Name, ["arguments"] = call.Arguments },
            })]);
        }

        return new JsonObject
        {
            ["id"] = "c",
            ["object"] = "chat.completion",
            ["created"] = 1,
            ["model"] = answer.Model,
            ["choices"] = new JsonArray(new JsonObject { ["index"] = 0, ["message"] = message, ["finish_reason"] = answer.FinishReason }),
            ["usage"] = new JsonObject
            {
                ["prompt_tokens"] = answer.Usage.PromptTokens,
                ["completion_tokens"] = answer.Usage.CompletionTokens,
                ["total_tokens"] = answer.Usage.Total,
                ["prompt_tokens_details"] = new JsonObject { ["cached_tokens"] = answer.Usage.CachedTokens },
            },
            [Routes.AnswerField] = JsonSerializer.SerializeToNode(answer, ProtocolJson.Default.ModelAnswerPayload),
        }.ToJsonString();
    }

    private void MapRoute(
        string method, string route, Func<HttpContext, int, Task<string>> handle) => _app.MapMethods(route, [method], async context =>
    {
        try
        {
            var fault = Take(method == "GET" ? $"GET {route}" : route);
            if (fault is { AfterCommit: false })
            {
                Strike(context, fault);
            }

            var body = await handle(context, EpochOf(context));
            if (fault is not null)
            {
                Strike(context, fault);
            }

            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync(body);
        }
        catch (GatewayFault refusal)
        {
            Interlocked.Increment(ref _refused);
            context.Response.StatusCode = refusal.Error.Status;
            await context.Response.WriteAsync(JsonSerializer.Serialize(refusal.Error, ProtocolJson.Default.ProtocolError));
        }
        catch (OperationCanceledException)
        {
            // The client has gone, or the connection was dropped on purpose.
        }
    });

    private static void Strike(HttpContext context, Fault fault)
    {
        if (fault.Status == 0)
        {
            context.Abort();
            throw new OperationCanceledException();
        }

        throw new GatewayFault(fault.Status, fault.Code, "injected", fault.RetryAfterSeconds);
    }

    private Fault? Take(string route)
    {
        lock (_faults)
        {
            var index = _faults.FindIndex(fault => fault.Route == route);
            if (index < 0)
            {
                return null;
            }

            var fault = _faults[index];
            if (fault.Skip > 0)
            {
                _faults[index] = fault with { Skip = fault.Skip - 1 };
                return null;
            }

            _faults.RemoveAt(index);
            return fault;
        }
    }
}
