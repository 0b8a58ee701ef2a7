namespace AgentOperator.Journal.Tests;

internal enum WriteFault
{
    None,

    /// <summary>The write never reached the store.</summary>
    Lost,

    /// <summary>The write took effect and its reply was lost.</summary>
    ReplyLost,
}
