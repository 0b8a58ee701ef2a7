using System.Globalization;
using System.Text.Json;
using AgentOperator.Api;
using AgentOperator.Protocol;
using AgentOperator.Runs.Attempts;

namespace AgentOperator.Runs.Recovery;

/// <summary>
/// A tool call that ends one attempt after the other is answered in the agent's place, so that the model reads what it does and can choose another way.
/// </summary>
internal static class RepeatedCrash
{
    /// <summary>Whether the last attempts got nowhere so often that the call they all ended in is to be answered, if there is one.</summary>
    public static bool IsSuspected(RunSnapshot snapshot, AttemptLog attempts) =>
        snapshot.Spec.Recovery.RepeatedCrash == RepeatedCrashPolicy.TellModel
        && snapshot.Head is { Finished: null }
        && attempts.Current is { Outcome: not null } last
        && OutcomePolicy.Of(last, snapshot.Spec).MayBeToolCall
        && (FailureBudget.IsExhausted(snapshot, last) || OutOfMemory.IsAtItsEnd(snapshot, last));

    /// <summary>The call's answer; null when nothing is to be answered.</summary>
    public static RunAction? Find(RunSnapshot snapshot, AttemptLog attempts)
    {
        if (snapshot.OpenCall is not { } call || !IsSuspected(snapshot, attempts))
        {
            return null;
        }

        var payload = new ToolOutcomePayload { Tool = call.Tool, Content = Sentence(snapshot, attempts.Current!, call) };
        var kind = call.MayHaveTakenEffect ? RecordKinds.ToolUnknown : RecordKinds.ToolFailed;
        var record = new NewRecord(kind, JsonSerializer.SerializeToElement(payload, ProtocolJson.Default.ToolOutcomePayload), call.StepKey, call.CallId);
        return new RunAction.AnswerCall(snapshot.Head!.Sequence, record, call.Tool);
    }

    private static string Sentence(RunSnapshot snapshot, AttemptStatus last, OpenCall call)
    {
        var memory = last.Outcome == Outcomes.OutOfMemory && last.MemoryLimit is { } limit ? $" at a memory limit of {limit}, the most there is" : "";
        var effect = call.MayHaveTakenEffect ? "Whether it took effect is not known. " : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"This call was given up: the machine it ran on was lost again and again while it was under way, the last time with {last.Outcome}{memory}. "
            + $"{effect}It is not tried again. Choose another way, such as smaller parts.");
    }
}
