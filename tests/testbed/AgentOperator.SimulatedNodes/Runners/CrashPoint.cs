namespace AgentOperator.SimulatedNodes.Runners;

/// <summary>Where in a step an agent dies.</summary>
internal enum CrashPoint
{
    /// <summary>The model call is sent and its answer is never read: it may be paid, and nobody has it.</summary>
    DuringCall,

    /// <summary>The answer is committed and the tools that it asks for have not run.</summary>
    BeforeTool,

    /// <summary>The tool's result is committed and the next call is not made.</summary>
    AfterTool,
}
