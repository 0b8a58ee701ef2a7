using AgentOperator.Journal;
using AgentOperator.Protocol;

namespace AgentOperator.Runs.Recovery;

/// <summary>The tool call that was in progress, or next, when an attempt ended.</summary>
/// <param name="CallId">The call's id within its answer.</param>
/// <param name="StepKey">The call's identity.</param>
/// <param name="Tool">The tool's name.</param>
/// <param name="MayHaveTakenEffect">Whether the call was started and must not run again.</param>
internal sealed record OpenCall(string CallId, string StepKey, string Tool, bool MayHaveTakenEffect)
{
    private const int PageBytes = 1024 * 1024;

    /// <summary>Reads the open call from the journal; null if there is none.</summary>
    public static async Task<OpenCall?> ReadAsync(IJournalStore journal, RunIdentity run, JournalHead head, CancellationToken cancellationToken)
    {
        var (steps, turn) = (0, new List<JournalRecord>());
        for (long after = 0; after < head.Sequence;)
        {
            var page = await journal.ReadAsync(run, after, PageBytes, cancellationToken);
            foreach (var record in page.Records.TakeWhile(record => record.Sequence <= head.Sequence))
            {
                if (record.Kind == RecordKinds.ModelAnswer)
                {
                    steps++;
                    turn.Clear();
                }

                turn.Add(record);
            }

            after = page.Records[^1].Sequence;
        }

        return Find(head.Lineage ?? "", steps, turn);
    }

    /// <summary>The first call of an answer without an outcome. Calls run one after another, so it is the open one.</summary>
    /// <param name="lineage">The value that step keys are derived from.</param>
    /// <param name="step">The ordinal of the answer within the run, from 1.</param>
    /// <param name="turn">The answer's record and all later records.</param>
    public static OpenCall? Find(string lineage, int step, IReadOnlyList<JournalRecord> turn)
    {
        if (turn is not [{ Kind: RecordKinds.ModelAnswer } answer, ..])
        {
            return null;
        }

        var answered = turn.Where(record => RecordKinds.IsToolOutcome(record.Kind)).Select(record => record.CallId).ToHashSet();
        var calls = CallIds.MakeUnique(step, JournalRules.Read(answer, ProtocolJson.Default.ModelAnswerPayload).ToolCalls);
        return calls.FirstOrDefault(call => !answered.Contains(call.Id)) is { } open
            ? new OpenCall(open.Id, StepKeys.ForToolCall(lineage, answer.Sequence, open.Id), open.Name, HasIrreversibleIntent(turn, open.Id))
            : null;
    }

    private static bool HasIrreversibleIntent(IReadOnlyList<JournalRecord> turn, string callId) =>
        turn.Any(record => record.Kind == RecordKinds.ToolIntent && record.CallId == callId
            && JournalRules.Read(record, ProtocolJson.Default.ToolIntentPayload).Effect == ToolEffect.Irreversible);
}
