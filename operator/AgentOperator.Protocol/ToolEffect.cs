namespace AgentOperator.Protocol;

/// <summary>A tool's side effects. They decide what happens to a call that was in flight when its pod was lost.</summary>
public enum ToolEffect
{
    /// <summary>Cannot be undone. Never started twice; an interrupted call is reported as unknown.</summary>
    Irreversible,

    /// <summary>Accepts an idempotency key. Started again with the same key.</summary>
    Keyed,

    /// <summary>Changes nothing outside the workspace. Started again.</summary>
    Pure,
}
