namespace AgentOperator.Chaos.Faults;

/// <summary>What becomes of one call.</summary>
internal enum FateKind
{
    /// <summary>It is answered.</summary>
    Answered,

    /// <summary>It never arrives; the caller gets an error.</summary>
    RequestLost,

    /// <summary>It takes effect; the caller gets an error.</summary>
    ReplyLost,

    /// <summary>It arrives twice.</summary>
    Doubled,

    /// <summary>The caller dies before it arrives.</summary>
    KillBefore,

    /// <summary>It takes effect and the caller dies before the answer.</summary>
    KillAfter,
}
