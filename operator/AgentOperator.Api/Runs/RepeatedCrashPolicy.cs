namespace AgentOperator.Api;

/// <summary>What happens to a tool call that ends one attempt after the other.</summary>
public enum RepeatedCrashPolicy
{
    /// <summary>The call is answered with the error, and the model may choose another way.</summary>
    TellModel,

    /// <summary>The run fails; one that would need more memory than it may have waits.</summary>
    Fail,
}
