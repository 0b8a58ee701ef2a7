using System.Text.Json;
using AgentOperator.Chaos.Engine;
using AgentOperator.Chaos.Faults;
using AgentOperator.Chaos.Oracles;
using AgentOperator.Protocol;

namespace AgentOperator.Chaos.Agents;

/// <summary>The way of a replica to the model provider.</summary>
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
        var way = new CallFate(FateKind.Answered, world.Faults.Time(0.001, 0.05), world.Provider.Think(), DiesWithCaller: false);
        world.Oracles.Model.Sent(program, key, process);
        try
        {
            var reply = await world.Simulator.CallAsync(
                process, $"model call of {program.Run} step {step}", way,
                () => world.Provider.Answer(program, step, world.Oracles.Model.Called(program, step, key, look), credential),
                () => new HttpRequestException(), cancellationToken);
            return reply.ToResponse();
        }
        finally
        {
            world.Oracles.Model.Returned(key);
        }
    }

    /// <summary>The model, and how many of its answers called tools: the program goes on with the step after them.</summary>
    private static (string Model, int Step) Read(byte[] body)
    {
        using var document = JsonDocument.Parse(body);
        var root = document.RootElement;
        return (
            root.GetProperty("model").GetString()!,
            root.GetProperty("messages").EnumerateArray().Count(message =>
                message.GetProperty("role").GetString() == "assistant" && message.TryGetProperty("tool_calls", out var calls)
                    && calls.GetArrayLength() > 0));
    }
}
