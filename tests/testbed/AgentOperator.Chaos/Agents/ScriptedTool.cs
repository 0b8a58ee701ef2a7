using System.Globalization;
using System.Text.Json;
using AgentOperator.Chaos.Cluster;
using AgentOperator.Chaos.Engine;
using AgentTools;

namespace AgentOperator.Chaos.Agents;

/// <summary>A tool of a program: leaves its effect in the ledger outside, takes its time, and may get its agent killed.</summary>
internal sealed class ScriptedTool(World world, PodAgent agent, string name) : ITool
{
    private static readonly JsonElement Parameters = JsonElement.Parse(
        """{"type":"object","properties":{"command":{"type":"string"}},"required":["command"],"additionalProperties":false}""");

    public string Name => name;

    public string Description => "Does what the command says.";

    public JsonElement Schema => Parameters;

    public async Task<ToolOutcome> RunAsync(ToolInvocation invocation, CancellationToken cancellationToken)
    {
        var command = CallCommand.Parse(invocation.Arguments.GetProperty("command").GetString()!);
        var call = agent.Program.Steps[command.Step][command.Index];
        var label = $"tool {name} {command}";
        world.Simulator.Note($"{agent.Name}: {label} starts");
        world.Oracles.Effects.Started(agent, name, command, invocation.IdempotencyKey);
        if (agent.MemoryMebibytes < call.NeedsMebibytes)
        {
            agent.OutOfMemoryIn(call.Duration);
        }

        await world.Simulator.CallAsync(
            agent.Process, label, world.Faults.Tool(call.Duration), () => true, () => new SimulationException("a tool's reply is not lost"),
            cancellationToken);
        var end = world.Faults.OddTexts ? OddText.OfATool : "done";
        var output = string.Create(CultureInfo.InvariantCulture, $"{AgentProgram.Secret} {command} {end} ") + new string('x', call.OutputBytes);
        return new ToolOutcome(call.Fails ? ToolEnd.Failed : ToolEnd.Succeeded, output);
    }
}
