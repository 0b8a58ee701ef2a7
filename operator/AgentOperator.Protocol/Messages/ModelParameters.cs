namespace AgentOperator.Protocol;

/// <summary>The model of a run.</summary>
/// <param name="Name">The model's name at the provider.</param>
/// <param name="MaxOutputTokens">Maximum tokens per answer; null uses the provider's default.</param>
public sealed record ModelParameters(string Name, int? MaxOutputTokens = null);
