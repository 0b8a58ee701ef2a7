using AgentOperator.Protocol;

namespace AgentRunner.Conversations;

/// <summary>A model answer and its tool calls: the group that is never cut apart.</summary>
internal sealed class Turn(long sequence, ModelAnswerPayload answer, IReadOnlyList<CallState> calls)
{
    /// <summary>The sequence of the answer's record.</summary>
    public long Sequence { get; } = sequence;

    /// <summary>The answer.</summary>
    public ModelAnswerPayload Answer { get; } = answer;

    /// <summary>The tool calls in the order that the model gave them.</summary>
    public IReadOnlyList<CallState> Calls { get; } = calls;

    /// <summary>What an answer without tool calls comes to; null when it has some.</summary>
    public FinalAnswer? Final { get; } = calls.Count == 0 ? FinalAnswer.Of(answer) : null;

    /// <summary>Whether old results of this turn are sent as stubs.</summary>
    public bool IsElided { get; private set; }

    /// <summary>Whether this turn is not sent at all.</summary>
    public bool IsLeftOut { get; set; }

    /// <summary>The first call without an outcome, or null when the turn is complete.</summary>
    public CallState? FirstOpenCall => Calls.FirstOrDefault(call => call.Outcome is null);

    /// <summary>Sends the results as stubs from here on.</summary>
    public void Elide()
    {
        IsElided = true;
        foreach (var call in Calls)
        {
            call.Elide();
        }
    }

    /// <summary>Sends at most so many bytes of each result from here on.</summary>
    public void CutResults(int maxBytes)
    {
        foreach (var call in Calls)
        {
            call.Cut(maxBytes);
        }
    }
}
