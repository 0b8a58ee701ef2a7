namespace AgentOperator.Chaos.Faults;

/// <summary>What may happen to the model provider, for seconds or for half an hour.</summary>
internal enum ProviderFault
{
    /// <summary>It answers with server errors.</summary>
    Down,

    /// <summary>Nothing answers at its address.</summary>
    Unreachable,

    /// <summary>It limits the rate, and says until when.</summary>
    Busy,

    /// <summary>The key was changed at the provider; somebody writes the new one into the Secret in the end.</summary>
    KeyRefused,

    /// <summary>The account has no quota left until somebody pays.</summary>
    QuotaUsedUp,

    /// <summary>It does not know the model, as during a rollout.</summary>
    ModelUnknown,

    /// <summary>A login page answers in its place.</summary>
    LoginPage,

    /// <summary>It takes minutes for an answer.</summary>
    Slow,
}
