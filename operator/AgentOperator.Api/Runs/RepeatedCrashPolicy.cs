namespace AgentOperator.Api;

/// <summary>What happens to a tool call that crashes every attempt.</summary>
public enum RepeatedCrashPolicy
{
    /// <summary>The call is answered with an error, so that the model can try another approach.</summary>
    TellModel,

    /// <summary>The run fails. If it needs more memory than the cap, it waits instead.</summary>
    Fail,
}
