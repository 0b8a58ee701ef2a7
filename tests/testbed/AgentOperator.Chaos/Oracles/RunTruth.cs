namespace AgentOperator.Chaos.Oracles;

/// <summary>One run's journal as the store took it in.</summary>
internal sealed class RunTruth(string run)
{
    public string Run => run;

    public List<TruthRecord> Records { get; } = [];

    public int Epoch { get; set; }

    public string? OwnerPodUid { get; set; }

    public int Steps { get; set; }

    public long Tokens { get; set; }

    public TruthRecord? At(long sequence) => sequence >= 1 && sequence <= Records.Count ? Records[(int)sequence - 1] : null;
}
