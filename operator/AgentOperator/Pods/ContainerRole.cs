namespace AgentOperator.Pods;

/// <summary>What a container of an attempt's pod is there for, and so what its state may decide.</summary>
internal enum ContainerRole
{
    /// <summary>Runs the agent. Its end is the attempt's end.</summary>
    Agent,

    /// <summary>Runs what the model wrote. Its end is a tool's outcome, not the attempt's.</summary>
    Sandbox,

    /// <summary>Runs before the agent, whoever added it. When it fails, or cannot start, the agent does not start.</summary>
    Init,

    /// <summary>Somebody else's, such as an injected proxy. Its state decides nothing.</summary>
    Foreign,
}
