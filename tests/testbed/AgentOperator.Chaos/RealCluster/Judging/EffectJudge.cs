using AgentOperator.Chaos.Oracles;
using AgentOperator.Chaos.RealCluster.Evidence;
using AgentOperator.Chaos.RealCluster.Programs;
using AgentOperator.Protocol;

namespace AgentOperator.Chaos.RealCluster.Judging;

/// <summary>I4: each call's effect is in the ledger, and an irreversible one by one start only.</summary>
internal static class EffectJudge
{
    /// <summary>Judges the ledger.</summary>
    public static void Judge(RunEvidence evidence, Verdict verdict)
    {
        foreach (var call in evidence.Program.Calls)
        {
            var effects = evidence.Effects.Where(effect => effect.Key == call.EffectKey).ToList();
            JudgeRepetition(evidence, call, effects, verdict);
            var outcome = evidence.Journal.FirstOrDefault(record => record.CallId == call.Id && RecordKinds.IsToolOutcome(record.Kind));
            if (outcome is not null)
            {
                JudgeOutcome(evidence, call, outcome, effects.Count > 0, verdict);
            }
        }

        JudgeKeys(evidence, verdict);
    }

    private static void JudgeRepetition(RunEvidence evidence, ProgramCall call, List<ToolEffectEntry> effects, Verdict verdict)
    {
        var name = evidence.Program.Run;
        var starts = effects.DistinctBy(effect => effect.Start).ToList();
        if (evidence.Program.Effect == ToolEffect.Irreversible && starts.Count > 1)
        {
            verdict.Find(
                FindingKind.Duplicated, name,
                $"irreversible {call.Id} was started {starts.Count} times, by the attempts "
                    + $"{string.Join(", ", starts.Select(effect => effect.Attempt))}");
        }

        if (evidence.Program.Effect == ToolEffect.Keyed && starts.DistinctBy(effect => effect.IdempotencyKey).Count() > 1)
        {
            verdict.Find(
                FindingKind.Duplicated, name, $"keyed {call.Id} was started under {starts.DistinctBy(effect => effect.IdempotencyKey).Count()} keys");
        }
    }

    private static void JudgeOutcome(RunEvidence evidence, ProgramCall call, CommittedRecord outcome, bool took, Verdict verdict)
    {
        var name = evidence.Program.Run;
        var where = $"{name}: {call.Id}{(took ? "" : ", without its effect")}";
        switch (outcome.Kind)
        {
            case RecordKinds.ToolUnknown when evidence.Program.Effect == ToolEffect.Irreversible:
                verdict.Allow(ExceptionKind.OutcomeUnknown, where);
                break;
            case RecordKinds.ToolFailed when outcome.Content?.Contains("was given up", StringComparison.Ordinal) == true:
                verdict.Allow(ExceptionKind.RepeatedCrash, where);
                break;
            case RecordKinds.ToolResult when outcome.Content?.Contains(call.Done, StringComparison.Ordinal) != true:
                verdict.Allow(ExceptionKind.CommandKilled, $"{where}: {outcome.Content?.Trim()}");
                break;
            case RecordKinds.ToolResult when !took:
                verdict.Find(FindingKind.Lost, name, $"{call.Id} is committed as done, and its effect is not in the ledger");
                break;
            case RecordKinds.ToolResult:
                break;
            default:
                verdict.Find(FindingKind.Other, name, $"{call.Id} of the {evidence.Program.Effect} shell ended as {outcome.Kind}: {outcome.Content}");
                break;
        }
    }

    private static void JudgeKeys(RunEvidence evidence, Verdict verdict)
    {
        if (evidence.Program.Effect != ToolEffect.Keyed)
        {
            return;
        }

        foreach (var key in evidence.Effects.GroupBy(effect => effect.IdempotencyKey))
        {
            var calls = key.Select(effect => effect.Key).Distinct().ToList();
            if (key.Key.Length == 0 || calls.Count > 1)
            {
                verdict.Find(
                    FindingKind.Duplicated, evidence.Program.Run,
                    key.Key.Length == 0
                        ? $"keyed calls were started without a key: {string.Join(", ", calls)}"
                        : $"one key was given to several calls: {string.Join(", ", calls)}");
            }
        }
    }
}
