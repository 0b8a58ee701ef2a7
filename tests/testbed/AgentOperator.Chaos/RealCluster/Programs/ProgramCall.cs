namespace AgentOperator.Chaos.RealCluster.Programs;

/// <summary>One shell command that the model asks for: it leaves its effect in the ledger and then works for a while.</summary>
/// <param name="Step">Zero-based step of the answer that asks for it.</param>
/// <param name="Index">Zero-based place in that answer.</param>
/// <param name="Work">How long it works after its effect.</param>
internal sealed record ProgramCall(int Step, int Index, TimeSpan Work)
{
    /// <summary>The id that the scripted model gives the call, which the journal has too.</summary>
    public string Id => $"call_{Step}_{Index}";

    /// <summary>Its effect's key in the ledger.</summary>
    public string EffectKey => $"{Step}.{Index}";

    /// <summary>What its output ends with when nobody disturbed it.</summary>
    public string Done => $"done {EffectKey}";
}
