namespace AgentOperator.Chaos.Agents;

/// <summary>One tool call of a program.</summary>
/// <param name="Tool">The tool's name.</param>
/// <param name="Duration">How long it takes at most.</param>
/// <param name="NeedsMebibytes">The pod's memory limit below which it gets the agent killed.</param>
/// <param name="Fails">Whether the tool answers with an error.</param>
/// <param name="OutputBytes">How much it says.</param>
internal sealed record ScriptedCall(string Tool, TimeSpan Duration, int NeedsMebibytes, bool Fails, int OutputBytes);
