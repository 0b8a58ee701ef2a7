namespace AgentOperator.Journal.Tests;

internal enum WriteFault
{
    None,

    /// <summary>The write never reached the store.</summary>
    Lost,

    /// <summary>The write took effect and its reply was lost.</summary>
    ReplyLost,

    /// <summary>The store refuses what is written, and would refuse it again.</summary>
    Refused,

    /// <summary>Something that nobody thought of.</summary>
    Bug,
}
