namespace AgentOperator.Chaos.RealCluster.Programs;

/// <summary>What the provider does to one run before it gives an answer. Nothing of it is an answer that it charges for.</summary>
internal enum ProviderFault
{
    /// <summary>It is overloaded, a few calls long.</summary>
    Overloaded,

    /// <summary>It limits the rate for half a minute.</summary>
    Busy,

    /// <summary>Its quota is used up.</summary>
    QuotaUsedUp,

    /// <summary>Its answer has no choice.</summary>
    NoChoice,

    /// <summary>Its answer is no JSON.</summary>
    Malformed,

    /// <summary>The connection closes in the middle of its answer.</summary>
    Drop,
}
