using AgentOperator.Chaos.Agents;
using AgentOperator.Chaos.Cluster;
using AgentOperator.Protocol;

namespace AgentOperator.Chaos.Oracles;

/// <summary>The world that tools act on: every start of every tool (I4), and whether the journal allowed it.</summary>
internal sealed class EffectLedger(JournalOracle journal, Findings findings)
{
    private readonly HashSet<(string RunUid, int Step, int Index)> _irreversible = [];
    private readonly Dictionary<(string RunUid, int Step, int Index), string> _keys = [];
    private readonly Dictionary<string, (string RunUid, int Step, int Index)> _calls = [];

    public void Started(PodAgent agent, string tool, CallCommand command, string? key)
    {
        var call = (agent.RunUid, command.Step, command.Index);
        var effect = agent.Program.Spec.Tools.Single(known => known.Name == tool).Effect;
        if (effect == ToolEffect.Irreversible && !_irreversible.Add(call))
        {
            findings.Add(FindingKind.Duplicated, $"{agent.Name}: irreversible call {command} starts again");
        }

        if (effect == ToolEffect.Keyed)
        {
            CheckKey(agent, command, key, call);
        }

        var (answer, intent) = journal.Find(agent.RunUid, command);
        if (answer is null)
        {
            findings.Add(FindingKind.Lost, $"{agent.Name}: call {command} starts before the answer that asks for it is committed");
        }
        else if (effect != ToolEffect.Pure && !intent)
        {
            findings.Add(FindingKind.Duplicated, $"{agent.Name}: call {command} starts before its intent is committed");
        }
    }

    private void CheckKey(PodAgent agent, CallCommand command, string? key, (string RunUid, int Step, int Index) call)
    {
        if (key is null)
        {
            findings.Add(FindingKind.Duplicated, $"{agent.Name}: keyed call {command} starts without a key");
        }
        else if (!_keys.TryAdd(call, key) && _keys[call] != key)
        {
            findings.Add(FindingKind.Duplicated, $"{agent.Name}: keyed call {command} starts with another key");
        }
        else if (!_calls.TryAdd(key, call) && _calls[key] != call)
        {
            findings.Add(FindingKind.Duplicated, $"{agent.Name}: the key of call {command} is another call's");
        }
    }
}
