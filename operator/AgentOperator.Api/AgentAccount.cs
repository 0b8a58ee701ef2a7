namespace AgentOperator.Api;

/// <summary>The ServiceAccount that agents' pods run as, in each namespace. The operator makes it, and nobody grants it anything.</summary>
public static class AgentAccount
{
    /// <summary>The account's name.</summary>
    public const string Name = "agent-operator-agent";

    /// <summary>The account of pods that an older operator created. Their attempts go on.</summary>
    private const string Former = "default";

    /// <summary>Whether an agent's pod may run as an account.</summary>
    /// <param name="name">The account's name.</param>
    public static bool IsAgents(string? name) => name is Name or Former;
}
