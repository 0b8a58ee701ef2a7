namespace AgentRunner.Loop;

/// <summary>What the loop does next.</summary>
internal abstract record NextAction;
