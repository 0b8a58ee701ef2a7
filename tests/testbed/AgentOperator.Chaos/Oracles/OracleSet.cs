
namespace AgentOperator.Chaos.Oracles;

/// <summary>All that watches a simulation from outside.</summary>
internal sealed class OracleSet
{
    public OracleSet(World world, Findings findings)
    {
        Findings = findings;
        Journal = new JournalOracle(world, findings);
        Effects = new EffectLedger(Journal, findings);
        Model = new ModelLog(world, Journal, findings);
        Status = new StatusOracle(findings);
        Ending = new EndingOracle(world, Journal, findings);
    }

    public Findings Findings { get; }

    public JournalOracle Journal { get; }

    public EffectLedger Effects { get; }

    public ModelLog Model { get; }

    public StatusOracle Status { get; }

    public EndingOracle Ending { get; }
}
