namespace AgentOperator.Chaos;

/// <summary>What the program is asked to do.</summary>
internal enum ChaosCommand
{
    /// <summary>Print how it is used.</summary>
    Help,

    /// <summary>The simulation.</summary>
    Simulate,

    /// <summary>The real cluster.</summary>
    Cluster,

    /// <summary>The simulation, then the cluster, and one last line for both.</summary>
    All,
}
