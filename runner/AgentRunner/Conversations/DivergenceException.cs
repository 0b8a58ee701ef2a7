namespace AgentRunner.Conversations;

/// <summary>
/// What this attempt would ask or do is not what the journal says was asked or done. Going on would silently run it again.
/// </summary>
internal sealed class DivergenceException(long sequence, string action, string difference)
    : Exception($"The run no longer matches its journal: record {sequence} ({action}) was made from other input. {difference}")
{
    /// <summary>The first record that does not match.</summary>
    public long Sequence { get; } = sequence;
}
