using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using AgentOperator.Chaos.Engine;
using AgentOperator.Chaos.Faults;
using AgentOperator.Chaos.Oracles;
using AgentOperator.Protocol;

namespace AgentOperator.Chaos.Agents;

/// <summary>The way of a replica to the model provider.</summary>
internal sealed partial class ModelTransport(World world, SimulatedProcess process, LookBeforeSending looks) : HttpMessageHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var body = await request.Content!.ReadAsByteArrayAsync(cancellationToken);
        var key = request.Headers.GetValues(Routes.IdempotencyKeyHeader).Single();
        var credential = request.Headers.Authorization?.Parameter;
        var (program, step) = Read(body);
        var look = looks.Use();
        var way = new CallFate(FateKind.Answered, world.Faults.Time(0.001, 0.05), world.Provider.Think(), DiesWithCaller: false);
        world.Oracles.Model.Sent(program, key, process);
        try
        {
            var reply = await world.Simulator.CallAsync(
                process, $"model call of {program.Run} step {step}", way,
                () => world.Provider.Answer(program, step, world.Oracles.Model.Called(program, step, key, body, look), credential, body.Length),
                () => new HttpRequestException(), cancellationToken);
            return reply.ToResponse();
        }
        finally
        {
            world.Oracles.Model.Returned(key);
        }
    }

    /// <summary>The program, and how many answers called tools: it goes on with the step after them. The oldest may be left out.</summary>
    private (AgentProgram Program, int Step) Read(byte[] body)
    {
        using var document = JsonDocument.Parse(body);
        var program = world.Programs[document.RootElement.GetProperty("model").GetString()!];
        var messages = document.RootElement.GetProperty("messages").EnumerateArray().ToList();
        var shown = messages.Count(message =>
            message.GetProperty("role").GetString() == "assistant" && message.TryGetProperty("tool_calls", out var calls)
                && calls.GetArrayLength() > 0);
        var leftOut = messages.Where(message => message.GetProperty("role").GetString() == "user")
            .Select(message => LeftOut().Match(message.GetProperty("content").GetString()!)).FirstOrDefault(match => match.Success);
        return (program, leftOut is null || world.UidOf(program.Run) is not { } uid
            ? shown
            : shown + world.Oracles.Journal.StepsIn(uid, int.Parse(leftOut.Groups[1].Value, CultureInfo.InvariantCulture)));
    }

    [GeneratedRegex("Your first ([0-9]+) steps are left out", RegexOptions.CultureInvariant)]
    private static partial Regex LeftOut();
}
