using AgentOperator.Chaos.Engine;
using AgentOperator.Chaos.Judging;

namespace AgentOperator.Chaos.Oracles;

/// <summary>What the oracles found in one simulation.</summary>
internal sealed class Findings(Simulator simulator)
{
    private readonly List<Finding> _all = [];

    public IReadOnlyList<Finding> All => _all;

    public void Add(FindingKind kind, string subject, string text) => Add(new Finding(kind, subject, text));

    public void Add(Finding finding)
    {
        _all.Add(finding);
        simulator.Note($"FOUND {finding}");
    }
}
