namespace AgentRunner.Conversations;

/// <summary>
/// This attempt would ask or do something other than what the journal recorded. Continuing would silently run it again.
/// </summary>
internal sealed class DivergenceException(long sequence, string action, string difference)
    : Exception($"The run no longer matches its journal: record {sequence} ({action}) was made from other input. {difference}");
