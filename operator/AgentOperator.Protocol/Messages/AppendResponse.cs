namespace AgentOperator.Protocol;

/// <summary>The answer to an append that was committed.</summary>
/// <param name="HeadSequence">The sequence of the last committed record.</param>
public sealed record AppendResponse(long HeadSequence);
