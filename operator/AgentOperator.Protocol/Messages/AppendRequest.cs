namespace AgentOperator.Protocol;

/// <summary>Records to commit together, all or none: POST <see cref="Routes.Journal"/>.</summary>
/// <param name="ExpectedSequence">The journal's head as the runner knows it. A repeated request gets the same answer.</param>
/// <param name="Records">One to 16 records of the kinds that a runner may append.</param>
public sealed record AppendRequest(long ExpectedSequence, IReadOnlyList<NewRecord> Records);
