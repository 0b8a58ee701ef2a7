using System.Globalization;
using System.Text.Json;
using AgentOperator.Api;
using AgentOperator.Protocol;
using AgentOperator.Runs.Attempts;

namespace AgentOperator.Runs.Recovery;

/// <summary>
/// Answers a tool call that crashes every attempt on the agent's behalf, so that the model learns of it and can try another approach.
/// </summary>
internal static class RepeatedCrash
{
    /// <summary>Whether enough attempts made no progress that their open call, if there is one, should be answered.</summary>
    public static bool IsSuspected(RunSnapshot snapshot, AttemptLog attempts) =>
        snapshot.Spec.Recovery.RepeatedCrash == RepeatedCrashPolicy.TellModel
        && snapshot.Head is { Finished: null }
        && attempts.Current is { Outcome: not null } last
        && OutcomePolicy.Of(last, snapshot.Spec).MayBeToolCall
        && (FailureBudget.IsExhausted(snapshot, last) || OutOfMemory.IsAtItsEnd(snapshot, last));

    /// <summary>The call's answer; null if no call should be answered.</summary>
    public static RunAction? Find(RunSnapshot snapshot, AttemptLog attempts)
    {
        if (snapshot.OpenCall is not { } call || !IsSuspected(snapshot, attempts))
        {
            return null;
        }

        var payload = new ToolOutcomePayload { Tool = call.Tool, Content = Sentence(snapshot, attempts.Current!, call) };
        var kind = call.MayHaveTakenEffect ? RecordKinds.ToolUnknown : RecordKinds.ToolFailed;
        var record = new NewRecord(
            kind, JsonSerializer.SerializeToElement(payload, ProtocolJson.Default.ToolOutcomePayload), call.StepKey, call.CallId);
        return new RunAction.AnswerCall(snapshot.Head!.Sequence, record, call.Tool);
    }

    private static string Sentence(RunSnapshot snapshot, AttemptStatus last, OpenCall call)
    {
        var memory = last.Outcome == Outcomes.OutOfMemory && last.MemoryLimit is { } limit
            ? $" at a memory limit of {limit}, the largest allowed"
            : "";
        var effect = call.MayHaveTakenEffect ? "It is unknown whether it took effect. " : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"This call was abandoned: the machine running it was lost repeatedly while it was in progress, the last time with "
            + $"{last.Outcome}{memory}. {effect}It will not be retried. Try another approach, such as smaller steps.");
    }
}
