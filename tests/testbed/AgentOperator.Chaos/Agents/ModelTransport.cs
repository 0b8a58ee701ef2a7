using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AgentOperator.Chaos.Engine;
using AgentOperator.Chaos.Faults;
using AgentOperator.Chaos.Oracles;
using AgentOperator.Protocol;

namespace AgentOperator.Chaos.Agents;

/// <summary>The way of a replica to the model provider, and the provider behind it: plays the program of the model that is asked for.</summary>
internal sealed class ModelTransport(World world, SimulatedProcess process, LookBeforeSending looks) : HttpMessageHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var body = await request.Content!.ReadAsByteArrayAsync(cancellationToken);
        var key = request.Headers.GetValues(Routes.IdempotencyKeyHeader).Single();
        var credential = request.Headers.Authorization?.Parameter;
        var (model, step) = Read(body);
        var program = world.Programs[model];
        var look = looks.Use();
        var think = world.Faults.Time(0.05, world.Faults.Strikes(0.05) ? 90 : 3);
        var way = new CallFate(FateKind.Answered, world.Faults.Time(0.001, 0.05), think, DiesWithCaller: false);
        var (status, answer, wait) = await world.Simulator.CallAsync(
            process, $"model call of {program.Run} step {step}", way, () => Answer(program, step, key, look, credential),
            () => new HttpRequestException(), cancellationToken);
        if (status == 0)
        {
            throw new HttpRequestException(HttpRequestError.ResponseEnded);
        }

        var response = new HttpResponseMessage((HttpStatusCode)status) { Content = new StringContent(answer, Encoding.UTF8, "application/json") };
        if (wait is { } seconds)
        {
            response.Headers.RetryAfter = new RetryConditionHeaderValue(TimeSpan.FromSeconds(seconds));
        }

        return response;
    }

    private (int Status, string Body, int? RetryAfter) Answer(AgentProgram program, int step, string key, long? look, string? credential)
    {
        var sample = world.Oracles.Model.Called(program, step, key, look);
        if (credential != World.ApiKey)
        {
            return (401, """{"error":{"code":"invalid_api_key"}}""", null);
        }

        if (world.Faults.Strikes(world.Faults.ModelFaults))
        {
            return world.Faults.Pick(Failures);
        }

        return (200, Completion(program, step, sample).ToJsonString(), null);
    }

    private static readonly IReadOnlyList<(int Status, string Body, int? RetryAfter)> Failures =
    [
        (429, """{"error":{"code":"rate_limit_exceeded"}}""", 3),
        (429, """{"error":{"code":"rate_limit_exceeded"}}""", 45),
        (500, "oops", null),
        (503, """{"error":{"code":"overloaded"}}""", null),
        (200, """{"choices":[{"mess""", null),
        (200, """{"choices":[]}""", null),
        (0, "", null),
    ];

    private static JsonObject Completion(AgentProgram program, int step, int sample)
    {
        var message = new JsonObject { ["role"] = "assistant" };
        if (step < program.Steps.Count)
        {
            message["content"] = null;
            message["tool_calls"] = new JsonArray(
                [.. program.Steps[step].Select((call, index) => ToolCall(program, call, new CallCommand(step, index, sample)))]);
        }
        else
        {
            message["content"] = $"The work is done, says sample {sample}.";
        }

        return new JsonObject
        {
            ["model"] = program.Model,
            ["choices"] = new JsonArray(
                new JsonObject { ["message"] = message, ["finish_reason"] = step < program.Steps.Count ? "tool_calls" : "stop" }),
            ["usage"] = new JsonObject { ["prompt_tokens"] = program.PromptTokens, ["completion_tokens"] = program.CompletionTokens },
        };
    }

    private static JsonObject ToolCall(AgentProgram program, ScriptedCall call, CallCommand command)
    {
        var json = new JsonObject
        {
            ["type"] = "function",
            ["function"] = new JsonObject { ["name"] = call.Tool, ["arguments"] = $$"""{"command":"{{command}}"}""" },
        };
        if (program.CallIds != CallIdStyle.Missing)
        {
            json["id"] = program.CallIds == CallIdStyle.Unique
                ? string.Create(CultureInfo.InvariantCulture, $"call_{command.Step}_{command.Index}")
                : string.Create(CultureInfo.InvariantCulture, $"call_{command.Index}");
        }

        return json;
    }

    private static (string Model, int Step) Read(byte[] body)
    {
        using var document = JsonDocument.Parse(body);
        var root = document.RootElement;
        return (
            root.GetProperty("model").GetString()!,
            root.GetProperty("messages").EnumerateArray().Count(message => message.GetProperty("role").GetString() == "assistant"));
    }
}
