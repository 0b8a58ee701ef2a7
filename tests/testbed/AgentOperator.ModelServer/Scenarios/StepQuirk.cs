namespace AgentOperator.ModelServer.Scenarios;

/// <summary>Ways in which real providers answer differently from the protocol.</summary>
internal enum StepQuirk
{
    /// <summary><c>finish_reason</c> is the empty string.</summary>
    EmptyFinishReason,

    /// <summary>Arguments are a JSON object instead of a string that holds one.</summary>
    ArgumentsAsObject,

    /// <summary>Arguments are the empty string.</summary>
    EmptyArguments,

    /// <summary>Arguments are cut in half and <c>finish_reason</c> is <c>length</c>.</summary>
    TruncatedArguments,

    /// <summary>Tool calls carry no id.</summary>
    MissingCallId,

    /// <summary>The answer has no <c>usage</c>.</summary>
    MissingUsage,

    /// <summary><c>finish_reason</c> is <c>stop</c> although there are tool calls.</summary>
    FinishReasonStopWithCalls,

    /// <summary>Everything beyond ASCII is an escape, characters beyond U+FFFF as two. Without it, text is UTF-8 as it is.</summary>
    EscapedText,

    /// <summary>The text ends in an escape of half a surrogate pair, as of a server that cuts between the two.</summary>
    HalfCharacter,

    /// <summary>The text ends in a byte that is no UTF-8.</summary>
    InvalidUtf8,

    /// <summary>The body is compressed with gzip, whether or not the client takes that.</summary>
    Gzip,
}
