using AgentOperator.Chaos.Agents;
using AgentOperator.Chaos.Cluster;
using AgentOperator.Chaos.Judging;
using AgentOperator.Protocol;

namespace AgentOperator.Chaos.Oracles;

/// <summary>The world that tools act on: every start of every tool (I4), and whether the journal allowed it.</summary>
internal sealed class EffectLedger(JournalOracle journal, Findings findings)
{
    private readonly Dictionary<string, List<ToolStart>> _starts = [];

    public void Started(PodAgent agent, string tool, CallCommand command, string? key)
    {
        var effect = agent.Program.Spec.Tools.Single(known => known.Name == tool).Effect;
        var start = new ToolStart($"{command.Step}.{command.Index}", effect, key, agent.Name);
        var earlier = _starts.TryGetValue(agent.RunUid, out var known) ? known : _starts[agent.RunUid] = [];
        if (EffectJudge.Judge(start, earlier) is { } wrong)
        {
            findings.Add(FindingKind.Duplicated, agent.Program.Run, wrong);
        }

        earlier.Add(start);
        var (answer, intent) = journal.Find(agent.RunUid, command);
        if (answer is null)
        {
            findings.Add(FindingKind.Lost, agent.Name, $"call {command} starts before the answer that asks for it is committed");
        }
        else if (effect != ToolEffect.Pure && !intent)
        {
            findings.Add(FindingKind.Duplicated, agent.Name, $"call {command} starts before its intent is committed");
        }
    }
}
