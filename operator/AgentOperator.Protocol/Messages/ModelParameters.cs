namespace AgentOperator.Protocol;

/// <summary>The model of a run.</summary>
/// <param name="Name">The model's name at the provider.</param>
/// <param name="MaxOutputTokens">The most tokens of one answer; null leaves it to the provider.</param>
public sealed record ModelParameters(string Name, int? MaxOutputTokens = null);
