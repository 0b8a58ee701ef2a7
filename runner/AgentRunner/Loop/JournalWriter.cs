using System.Text.Json;
using AgentOperator.Protocol;
using AgentRunner.Conversations;
using AgentRunner.Exits;
using AgentRunner.Gateway;
using AgentTools;

namespace AgentRunner.Loop;

/// <summary>Commits what the loop does and keeps the conversation equal to the journal.</summary>
internal sealed class JournalWriter(IGateway gateway, Conversation conversation, Replay replay)
{
    /// <summary>A result shorter than this is not cut to make it fit: something else is wrong.</summary>
    private const int SmallestContent = 256;

    /// <summary>Reads and applies what the journal holds beyond the conversation.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="first">The page that follows the conversation, when it was read already; null reads it.</param>
    /// <returns>Whether there was anything.</returns>
    public async Task<bool> CatchUpAsync(CancellationToken cancellationToken, JournalPage? first = null)
    {
        var start = conversation.Head;
        for (var next = first; ; next = null)
        {
            var page = next ?? await gateway.ReadJournalAsync(conversation.Head, cancellationToken);
            foreach (var record in page.Records)
            {
                replay.Apply(record);
            }

            if (page.Records.Count == 0 && page.HeadSequence > conversation.Head)
            {
                throw new JournalDefectException(conversation.Head + 1, $"the head is record {page.HeadSequence}, yet no record follows");
            }

            if (page.HeadSequence < conversation.Head)
            {
                throw new JournalDefectException(
                    conversation.Head, $"it was committed, and now the journal ends at record {page.HeadSequence}: its store was set back");
            }

            if (page.HeadSequence == conversation.Head)
            {
                return conversation.Head > start;
            }
        }
    }

    /// <summary>Commits that a tool is about to start.</summary>
    public async Task CommitIntentAsync(CallState call, ToolIntentPayload intent, CancellationToken cancellationToken)
    {
        var record = new NewRecord(
            RecordKinds.ToolIntent, JsonSerializer.SerializeToElement(intent, ProtocolJson.Default.ToolIntentPayload), call.StepKey, call.Call.Id);
        if (await AppendAsync(call, record, () => call.Intent is not null, cancellationToken))
        {
            conversation.AddIntent(conversation.Head + 1, call.Call.Id, intent);
        }
    }

    /// <summary>Commits what came of a tool call. What is larger than the journal takes is shortened.</summary>
    public async Task CommitOutcomeAsync(CallState call, string kind, ToolOutcomePayload outcome, CancellationToken cancellationToken)
    {
        while (true)
        {
            var record = new NewRecord(
                kind, JsonSerializer.SerializeToElement(outcome, ProtocolJson.Default.ToolOutcomePayload), call.StepKey, call.Call.Id);
            try
            {
                if (await AppendAsync(call, record, () => call.Outcome is not null, cancellationToken))
                {
                    // As the journal has it, and the next attempt reads it: JSON holds no half of a character.
                    var committed = record.Payload.Deserialize(ProtocolJson.Default.ToolOutcomePayload)!;
                    conversation.AddOutcome(conversation.Head + 1, call.Call.Id, new CallOutcome(kind, committed.Content));
                }

                return;
            }
            catch (GatewayException exception) when (exception.Code == ErrorCodes.RecordTooLarge && outcome.Content.Length > SmallestContent)
            {
                var (content, cut) = OutputBuffer.Cut(outcome.Content, outcome.Content.Length / 2);
                outcome = outcome with { Content = content, TruncatedBytes = outcome.TruncatedBytes + cut };
            }
        }
    }

    /// <summary>Commits which tools the run offers, and that some cannot be used.</summary>
    /// <exception cref="RunnerException">There are more than a record holds.</exception>
    public async Task CommitToolsAsync(
        IReadOnlyList<OfferedTool> tools, IReadOnlyList<LeftOutTool> leftOut, CancellationToken cancellationToken)
    {
        var payload = JsonSerializer.SerializeToElement(new ToolsListedPayload { Tools = tools }, ProtocolJson.Default.ToolsListedPayload);
        var listed = new NewRecord(RecordKinds.ToolsListed, payload);
        try
        {
            // Together: later attempts do not ask the servers again which tools cannot be used.
            if (await AppendAsync(leftOut.Count == 0 ? [listed] : [listed, LeftOut(leftOut)], cancellationToken))
            {
                conversation.OfferTools(conversation.Head + 1, tools);
                if (leftOut.Count > 0)
                {
                    conversation.LeaveOut(conversation.Head + 1, leftOut);
                }
            }
        }
        catch (GatewayException exception) when (exception.Code == ErrorCodes.RecordTooLarge)
        {
            throw new RunnerException(
                RunnerExitCodes.EndpointUnavailable, TerminationReasons.McpServerUnavailable,
                "The MCP servers list more tools than the journal can hold in one record. They must list less, or a new run must name the tools "
                + "that it needs in spec.tools[].allow.",
                exception);
        }
    }

    /// <summary>Commits that the run goes on without some tools.</summary>
    public async Task CommitLeftOutAsync(IReadOnlyList<LeftOutTool> tools, CancellationToken cancellationToken)
    {
        if (await AppendAsync([LeftOut(tools)], cancellationToken))
        {
            conversation.LeaveOut(conversation.Head + 1, tools);
        }
    }

    /// <summary>Commits that the conversation has another bound.</summary>
    /// <exception cref="RunnerException">The gateway does not take the record.</exception>
    public async Task CommitShortenedAsync(ContextShortenedPayload shortened, CancellationToken cancellationToken)
    {
        var payload = JsonSerializer.SerializeToElement(shortened, ProtocolJson.Default.ContextShortenedPayload);
        try
        {
            if (await AppendAsync([new NewRecord(RecordKinds.ContextShortened, payload)], cancellationToken))
            {
                conversation.Shorten(conversation.Head + 1, shortened);
            }
        }
        catch (GatewayException exception) when (exception.Code == ErrorCodes.InvalidRequest)
        {
            // During an upgrade, an older replica does not know the record. A later attempt meets a newer one.
            throw new RunnerException(
                RunnerExitCodes.EndpointUnavailable, TerminationReasons.GatewayUnavailable,
                $"The gateway does not take a {RecordKinds.ContextShortened} record, maybe because it is older than this runner: {exception.Message}",
                exception);
        }
    }

    /// <summary>Commits the run's end. A result that is larger than the journal takes is shortened.</summary>
    public async Task FinishAsync(RunFinishedPayload end, CancellationToken cancellationToken)
    {
        while (conversation.Finished is null)
        {
            try
            {
                var response = await gateway.FinishAsync(new ResultRequest(conversation.Head, end), cancellationToken);
                conversation.Finish(response.HeadSequence, end);
            }
            catch (GatewayException exception) when (exception.Code == ErrorCodes.SequenceConflict)
            {
                await CatchUpOrThrowAsync(exception, cancellationToken);
            }
            catch (GatewayException exception) when (exception.Code == ErrorCodes.RecordTooLarge && end.Result?.Length > SmallestContent)
            {
                end = end with { Result = OutputBuffer.Cut(end.Result, end.Result.Length / 2).Text };
            }
        }
    }

    /// <summary>Reads on when the gateway says that there is more than the conversation knows.</summary>
    /// <param name="conflict">The refusal that said so; null when it was a reply.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="RunnerException">There is nothing more.</exception>
    public async Task CatchUpOrThrowAsync(GatewayException? conflict, CancellationToken cancellationToken)
    {
        if (!await CatchUpAsync(cancellationToken))
        {
            throw new RunnerException(
                RunnerExitCodes.Fenced, TerminationReasons.JournalConflict,
                $"The gateway reports records that the journal does not have: it ends at record {conversation.Head}.", conflict);
        }
    }

    private static NewRecord LeftOut(IReadOnlyList<LeftOutTool> tools) => new(
        RecordKinds.ToolsLeftOut,
        JsonSerializer.SerializeToElement(new ToolsLeftOutPayload { Tools = tools }, ProtocolJson.Default.ToolsLeftOutPayload));

    /// <summary>Appends records that belong to no call.</summary>
    /// <returns>Whether the conversation is still to be told of them: if not, the next action is planned from what was written instead.</returns>
    private async Task<bool> AppendAsync(IReadOnlyList<NewRecord> records, CancellationToken cancellationToken)
    {
        try
        {
            await gateway.AppendAsync(new AppendRequest(conversation.Head, records), cancellationToken);
            return true;
        }
        catch (GatewayException exception) when (exception.Code == ErrorCodes.SequenceConflict)
        {
            await CatchUpOrThrowAsync(exception, cancellationToken);
            return false;
        }
    }

    /// <summary>Appends one record of a call.</summary>
    /// <returns>Whether the conversation is still to be told of it: not when it was read back from the journal.</returns>
    private async Task<bool> AppendAsync(CallState call, NewRecord record, Func<bool> isCommitted, CancellationToken cancellationToken)
    {
        while (!isCommitted())
        {
            try
            {
                await gateway.AppendAsync(new AppendRequest(conversation.Head, [record]), cancellationToken);
                return true;
            }
            catch (GatewayException exception) when (exception.Code == ErrorCodes.SequenceConflict)
            {
                await CatchUpOrThrowAsync(exception, cancellationToken);
                if (conversation.Finished is not null || conversation.Turns[^1].FirstOpenCall != call && !isCommitted())
                {
                    throw new JournalDefectException(conversation.Head, $"it leaves no place for the outcome of the call {call.Call.Id}");
                }
            }
        }

        return false;
    }
}
