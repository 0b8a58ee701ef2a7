using System.Globalization;
using System.Text.Json.Nodes;
using AgentOperator.Chaos.Engine;
using AgentOperator.Chaos.Faults;

namespace AgentOperator.Chaos.Agents;

/// <summary>The model provider: plays the program of the model that it is asked for, unless it is in trouble.</summary>
internal sealed class Provider(World world)
{
    private static readonly IReadOnlyList<ProviderReply> Failures =
    [
        new(429, """{"error":{"code":"rate_limit_exceeded"}}""", ("Retry-After", "3")),
        new(429, """{"error":{"code":"rate_limit_exceeded"}}""", ("Retry-After", "45")),
        new(500, "oops", MediaType: "text/plain"),
        new(503, """{"error":{"code":"overloaded"}}"""),
        new(200, """{"choices":[{"mess"""),
        new(200, """{"choices":[]}"""),
        new(0, ""),
    ];

    /// <summary>Answers that are paid and bring neither a result nor a call.</summary>
    private static readonly IReadOnlyList<(string Message, string FinishReason)> Unusable =
    [
        ("""{"role":"assistant","content":""}""", "stop"),
        ("""{"role":"assistant","content":" \n\t"}""", "stop"),
        ("""{"role":"assistant","content":null,"reasoning_content":"Let me think: CONFIDENTIAL."}""", "stop"),
        ("""{"role":"assistant","content":null,"tool_calls":[]}""", "tool_calls"),
        ("""{"role":"assistant","content":"The work is"}""", "error"),
        ("""{"role":"assistant","content":null}""", "length"),
    ];

    private readonly SimulationRandom _random = world.Simulator.Random.Fork();
    private ProviderFault? _fault;
    private TimeSpan _until;
    private int _keys = 1;

    /// <summary>The only key that it takes.</summary>
    public string Key => string.Create(CultureInfo.InvariantCulture, $"sk-CONFIDENTIAL-{_keys}");

    /// <summary>Whether it is in trouble that is not over.</summary>
    public bool IsInTrouble => _fault is not null;

    /// <summary>It gets into trouble for a while.</summary>
    public void Strike(ProviderFault fault, TimeSpan duration)
    {
        if (IsInTrouble)
        {
            return;
        }

        world.Simulator.Note($"the provider is {fault} for {duration.TotalSeconds:0} s");
        (_fault, _until) = (fault, world.Simulator.Now + duration);
        _keys += fault == ProviderFault.KeyRefused ? 1 : 0;
        world.Simulator.After(duration, null, $"the provider is {fault} no more", () =>
        {
            _fault = null;
            world.PutKey(Key);
        });
    }

    /// <summary>How long it takes for one answer.</summary>
    public TimeSpan Think() => _fault == ProviderFault.Slow
        ? world.Faults.Time(30, 400)
        : world.Faults.Time(0.05, world.Faults.Strikes(0.05) ? 90 : 3);

    /// <summary>What it answers to a call.</summary>
    /// <param name="program">The program of the model that is asked for.</param>
    /// <param name="step">The step, from 0.</param>
    /// <param name="sample">The call's number among the run's calls.</param>
    /// <param name="credential">The key that came with the call.</param>
    /// <param name="requestBytes">The size of the request.</param>
    public ProviderReply Answer(AgentProgram program, int step, int sample, string? credential, int requestBytes)
    {
        if (credential != Key)
        {
            return new ProviderReply(401, Error("invalid_api_key", $"Incorrect API key provided: {credential}. You asked: {program.Spec.Task}"));
        }

        if (_fault is { } fault && Trouble(fault, program) is { } refusal)
        {
            return refusal;
        }

        if (requestBytes > world.Faults.ModelContextBytes)
        {
            world.Simulator.Note($"{program.Run}: the conversation is too long for the model");
            return TooLong(requestBytes, world.Faults.ModelContextBytes.Value);
        }

        if (world.Faults.Strikes(world.Faults.ModelFaults))
        {
            return world.Faults.Pick(Failures);
        }

        return new ProviderReply(200, OddText.OnTheWire(Completion(program, step, sample).ToJsonString(), _random));
    }

    /// <summary>As OpenAI, a proxy, vLLM, llama.cpp and Anthropic say it. Bytes count as tokens.</summary>
    private ProviderReply TooLong(int size, int limit) => _random.Pick<ProviderReply>([
        new(400, Error(
            "context_length_exceeded", $"This model's maximum context length is {limit} tokens. However, your messages resulted in {size} tokens.")),
        new(413, "<html>413 Request Entity Too Large</html>", MediaType: "text/html"),
        new(400, Error(
            null,
            $"This model's maximum context length is {limit} tokens. However, you requested {size} tokens ({size} in the messages, 0 in the "
                + "completion). Please reduce the length of the messages or completion.")),
        new(400, Error(null, $"request ({size} tokens) exceeds the available context size ({limit} tokens), try increasing it")),
        new(500, """{"error":{"code":500,"message":"the request exceeds the available context size","type":"server_error"}}"""),
        new(400, Error("invalid_request_error", $"prompt is too long: {size} tokens > {limit} maximum")),
    ]);

    private ProviderReply? Trouble(ProviderFault fault, AgentProgram program) => fault switch
    {
        ProviderFault.Down => _random.Pick<ProviderReply>([
            new(503, "<html>Service Unavailable</html>", MediaType: "text/html"), new(500, ""), new(529, Error("overloaded_error", "Overloaded")),
            new(502, "Bad Gateway", MediaType: "text/plain"), new(408, ""), new(0, "")]),
        ProviderFault.Unreachable => ProviderReply.Unreachable,
        ProviderFault.Busy => new ProviderReply(429, Error("rate_limit_exceeded", "Rate limit reached"), ComeAgain()),
        ProviderFault.QuotaUsedUp => _random.Pick<ProviderReply>([
            new(429, Error("insufficient_quota", "You exceeded your current quota.")), new(402, Error(null, "Payment required")),
            new(200, Error("insufficient_quota", "You exceeded your current quota.")),
            new(403, Error("budget_exceeded", "Budget has been exceeded"))]),
        ProviderFault.ModelUnknown => new ProviderReply(404, Error("model_not_found", $"The model '{program.Model}' does not exist.")),
        ProviderFault.LoginPage => new ProviderReply(200, "<html><title>Sign in</title></html>", MediaType: "text/html"),
        _ => null,
    };

    private (string Name, string Value)? ComeAgain()
    {
        var wait = _until - world.Simulator.Now;
        return _random.Pick<(string, string)?>([
            ("Retry-After", Whole(wait.TotalSeconds)),
            ("Retry-After", (VirtualTimeProvider.Epoch + _until).ToString("R", CultureInfo.InvariantCulture)),
            ("retry-after-ms", Whole(wait.TotalMilliseconds)),
            ("x-ratelimit-reset-requests", $"{Whole(wait.TotalSeconds)}s"),
            null]);
    }

    private static string Whole(double number) => Math.Ceiling(number).ToString(CultureInfo.InvariantCulture);

    private static string Error(string? code, string message) =>
        new JsonObject { ["error"] = new JsonObject { ["code"] = code, ["message"] = message } }.ToJsonString();

    private JsonObject Completion(AgentProgram program, int step, int sample)
    {
        var (message, finishReason) = Message(program, step, sample);
        return new JsonObject
        {
            ["model"] = program.Model,
            ["choices"] = new JsonArray(new JsonObject { ["message"] = message, ["finish_reason"] = finishReason }),
            ["usage"] = new JsonObject { ["prompt_tokens"] = program.PromptTokens, ["completion_tokens"] = program.CompletionTokens },
        };
    }

    private (JsonNode Message, string FinishReason) Message(AgentProgram program, int step, int sample)
    {
        if (world.Faults.Strikes(world.Faults.UnusableAnswers))
        {
            var (text, finishReason) = world.Faults.Pick(Unusable);
            return (JsonNode.Parse(text)!, finishReason);
        }

        var message = new JsonObject { ["role"] = "assistant" };
        if (step >= program.Steps.Count)
        {
            message["content"] = $"{AgentProgram.Result} {sample}. {Odd}";
            return (message, "stop");
        }

        message["content"] = world.Faults.OddTexts ? Odd : null;
        message["tool_calls"] = new JsonArray(
            [.. program.Steps[step].Select((call, index) => ToolCall(program, call, new CallCommand(step, index, sample)))]);
        return (message, "tool_calls");
    }

    private string Odd => world.Faults.OddTexts ? OddText.Mark : "";

    private JsonObject ToolCall(AgentProgram program, ScriptedCall call, CallCommand command)
    {
        var json = new JsonObject
        {
            ["type"] = "function",
            ["function"] = new JsonObject { ["name"] = call.Tool, ["arguments"] = $$"""{"command":"{{command}}","why":"{{Odd}}"}""" },
        };
        if (program.CallIds != CallIdStyle.Missing)
        {
            json["id"] = program.CallIds == CallIdStyle.Unique
                ? string.Create(CultureInfo.InvariantCulture, $"call_{command.Step}_{command.Index}")
                : string.Create(CultureInfo.InvariantCulture, $"call_{command.Index}");
        }

        return json;
    }
}
