namespace AgentOperator.Protocol;

/// <summary>What running a tool does to the world, and so what happens to a call that was in flight when its pod was lost.</summary>
public enum ToolEffect
{
    /// <summary>Cannot be taken back: never started twice; an interrupted call is reported as unknown.</summary>
    Irreversible,

    /// <summary>Takes an idempotency key: started again with the same key.</summary>
    Keyed,

    /// <summary>Changes nothing outside the workspace: started again.</summary>
    Pure,
}
