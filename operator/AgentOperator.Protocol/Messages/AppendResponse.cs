namespace AgentOperator.Protocol;

/// <summary>The commit of an append.</summary>
/// <param name="HeadSequence">The sequence of the last record that was committed.</param>
public sealed record AppendResponse(long HeadSequence);
