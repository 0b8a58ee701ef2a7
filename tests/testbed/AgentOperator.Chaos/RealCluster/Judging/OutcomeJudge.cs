using AgentOperator.Chaos.Judging;
using AgentOperator.Chaos.RealCluster.Evidence;
using AgentOperator.Chaos.RealCluster.Programs;
using AgentOperator.Protocol;

namespace AgentOperator.Chaos.RealCluster.Judging;

/// <summary>I4: each start of a call is one that may be, and its committed outcome is what the ledger shows.</summary>
internal static class OutcomeJudge
{
    /// <summary>Judges the ledger.</summary>
    public static void Judge(RunEvidence evidence, Verdict verdict)
    {
        JudgeStarts(evidence, verdict);
        foreach (var call in evidence.Program.Calls)
        {
            var outcome = evidence.Journal.FirstOrDefault(record => record.CallId == call.Id && RecordKinds.IsToolOutcome(record.Kind));
            if (outcome is not null)
            {
                JudgeOutcome(evidence, call, outcome, evidence.Effects.Any(effect => effect.Key == call.EffectKey), verdict);
            }
        }
    }

    private static void JudgeStarts(RunEvidence evidence, Verdict verdict)
    {
        var earlier = new List<ToolStart>();
        foreach (var effect in evidence.Effects.DistinctBy(effect => (effect.Key, effect.Start)))
        {
            var start = new ToolStart(effect.Key ?? "", evidence.Program.Effect, effect.IdempotencyKey, $"attempt {effect.Attempt}");
            if (EffectJudge.Judge(start, earlier) is { } wrong)
            {
                verdict.Find(FindingKind.Duplicated, evidence.Program.Run, wrong);
            }

            earlier.Add(start);
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
}
