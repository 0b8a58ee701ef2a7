namespace AgentOperator.Chaos.Sabotage;

/// <summary>The product as it is.</summary>
internal sealed class NoSabotage : ISabotage;
