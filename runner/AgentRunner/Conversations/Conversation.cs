using AgentOperator.Protocol;

namespace AgentRunner.Conversations;

/// <summary>
/// A run, built from its committed records. A resumed run reads them from the journal and a running one adds each commit,
/// so both send the same requests. Free of effects.
/// </summary>
internal sealed class Conversation
{
    private readonly List<Turn> _turns = [];
    private readonly List<LeftOutTool> _leftOut = [];
    private ConversationDigest _digest;
    private ContextWindow _window;

    public Conversation(Prompt prompt)
    {
        Prompt = prompt;
        _digest = new ConversationDigest(prompt);
        _window = new ContextWindow(prompt, prompt.MaxContextBytes);
        ContextLimit = prompt.MaxContextBytes;
    }

    /// <summary>What every request starts with from here on.</summary>
    public Prompt Prompt { get; private set; }

    /// <summary>The sequence of the last committed record that is known.</summary>
    public long Head { get; private set; }

    /// <summary>Whether the journal says which tools are offered. Journals of older runners do not.</summary>
    public bool AreToolsListed { get; private set; }

    /// <summary>The answers so far.</summary>
    public IReadOnlyList<Turn> Turns => _turns;

    /// <summary>The run's committed end, or null.</summary>
    public RunFinishedPayload? Finished { get; private set; }

    /// <summary>The run's limits.maxContextBytes as the journal has it.</summary>
    public int ContextLimit { get; private set; }

    /// <summary>The bound of the conversation in bytes: the limit, or less if the provider takes less.</summary>
    public int ContextBound => _window.MaxBytes;

    /// <summary>How many bytes of conversation the next request has, without the JSON around them.</summary>
    public long ContextBytes => _window.Bytes;

    /// <summary>How many it would have if everything were shortened as far as it can be.</summary>
    public long ShortestContextBytes => _window.ShortestBytes;

    /// <summary>Whether the provider refused the next request before, as too long.</summary>
    public bool WasRefused { get; private set; }

    /// <summary>How many of the oldest turns are not sent.</summary>
    public int LeftOutTurns => _window.LeftOut;

    /// <summary>The key of the next model call. Valid only when no call of the last turn is open.</summary>
    public string NextModelCallKey => StepKeys.ForModelCall(Prompt.Lineage, _digest.Value, _turns.Count + 1);

    /// <summary>The run started, with this bound of its conversation if there is one.</summary>
    public void Start(long sequence, int? maxContextBytes)
    {
        Advance(sequence);
        ContextLimit = maxContextBytes ?? ContextLimit;
        _window = new ContextWindow(Prompt, ContextLimit);
    }

    /// <summary>The conversation has another bound. A request that was refused is not the one that follows it, so that one has another key.</summary>
    public void Shorten(long sequence, ContextShortenedPayload shortened)
    {
        Advance(sequence);
        ContextLimit = shortened.Limit;
        _window.SetBound(shortened.MaxBytes, isStrict: shortened.Refusal is not null);
        if (shortened.Refusal is not null)
        {
            WasRefused = true;
            _digest.Add(shortened.MaxBytes);
        }
    }

    /// <summary>A record that changes nothing that the model sees.</summary>
    public void Skip(long sequence) => Advance(sequence);

    /// <summary>The run offers these tools from its first request to its last, but for those that are left out.</summary>
    public void OfferTools(long sequence, IReadOnlyList<OfferedTool> tools)
    {
        if (AreToolsListed || _turns.Count > 0)
        {
            throw new JournalDefectException(sequence, "it lists the run's tools, which must be listed once and before the first answer");
        }

        Advance(sequence);
        AreToolsListed = true;
        Offer(tools.Select(tool => new ToolSpecification(tool.Name, tool.Description, tool.InputSchema)));
    }

    /// <summary>The model answered.</summary>
    public void AddAnswer(long sequence, ModelAnswerPayload answer)
    {
        if (_turns.Count > 0 && _turns[^1].FirstOpenCall is { } open)
        {
            throw new JournalDefectException(
                sequence, $"a model answer follows although the call {open.Call.Id} of record {_turns[^1].Sequence} has no outcome");
        }

        Advance(sequence);
        WasRefused = false;
        var calls = CallIds.MakeUnique(_turns.Count + 1, answer.ToolCalls);
        _digest.Add(answer, calls);
        var states = calls.Zip(
            SentIds.Of(_turns.Count + 1, calls),
            (call, sentId) => new CallState(call, StepKeys.ForToolCall(Prompt.Lineage, sequence, call.Id), sentId));
        var turn = new Turn(sequence, answer, [.. states]);
        _turns.Add(turn);
        if (calls.Count == 0)
        {
            _window.Add(turn);
        }
    }

    /// <summary>A tool is about to start.</summary>
    public void AddIntent(long sequence, string? callId, ToolIntentPayload intent)
    {
        var call = OpenCall(sequence, callId);
        Advance(sequence);
        call.Intent = intent;
    }

    /// <summary>A tool ended.</summary>
    public void AddOutcome(long sequence, string? callId, CallOutcome outcome)
    {
        var call = OpenCall(sequence, callId);
        Advance(sequence);
        call.Outcome = outcome;
        _digest.Add(call.Call.Id, outcome);
        if (_turns[^1].FirstOpenCall is null)
        {
            _window.Add(_turns[^1]);
        }
    }

    /// <summary>
    /// The run goes on without some tools. Before the first answer it is as if they had never been there: whether their server lists them
    /// in the next attempt does not matter.
    /// </summary>
    public void LeaveOut(long sequence, IReadOnlyList<LeftOutTool> tools)
    {
        Advance(sequence);
        _leftOut.AddRange(tools);
        Offer(Prompt.Tools);
        if (_turns.Count > 0)
        {
            _digest.Add(tools);
        }
    }

    /// <summary>Whether the model is not told of a tool.</summary>
    public bool IsLeftOut(string tool) => _leftOut.Any(known => known.Tool == tool);

    /// <summary>The run ended.</summary>
    public void Finish(long sequence, RunFinishedPayload end)
    {
        Advance(sequence);
        Finished = end;
    }

    /// <summary>The open call of the last turn with this id.</summary>
    public CallState OpenCall(long sequence, string? callId) =>
        _turns.Count > 0 && _turns[^1].Calls.FirstOrDefault(call => call.Call.Id == callId) is { Outcome: null } found
            ? found
            : throw new JournalDefectException(sequence, $"it answers the call '{callId}', which the last model answer does not leave open");

    private void Offer(IEnumerable<ToolSpecification> tools)
    {
        Prompt = Prompt with { Tools = [.. tools.Where(tool => !IsLeftOut(tool.Name))] };
        if (_turns.Count == 0)
        {
            _digest = new ConversationDigest(Prompt);
            _window = _window.Around(Prompt);
        }
    }

    private void Advance(long sequence)
    {
        if (sequence != Head + 1)
        {
            throw new JournalDefectException(sequence, $"it follows record {Head}");
        }

        Head = sequence;
    }
}
