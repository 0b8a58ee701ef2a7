using AgentOperator.Api;
using AgentOperator.Chaos.Judging;
using AgentOperator.Chaos.RealCluster.Evidence;

namespace AgentOperator.Chaos.RealCluster.Judging;

/// <summary>Judges one run by what its program prescribes. Pure.</summary>
internal static class RunJudge
{
    /// <summary>Judges a run and adds what is found to the verdict.</summary>
    public static void Judge(RunEvidence evidence, Verdict verdict)
    {
        JudgeEnd(evidence, verdict);
        JournalJudge.Judge(evidence, verdict);
        ModelCallJudge.Judge(evidence, verdict);
        OutcomeJudge.Judge(evidence, verdict);
    }

    private static void JudgeEnd(RunEvidence evidence, Verdict verdict)
    {
        var name = evidence.Program.Run;
        if (evidence.Run is not { } run)
        {
            verdict.Find(FindingKind.Lost, name, "the run is not there any more");
            return;
        }

        var status = run.Status;
        if (!Phases.IsTerminal(status?.Phase))
        {
            var why = status?.WaitingFor ?? status?.Conditions?.FirstOrDefault(condition => condition.Type == ConditionTypes.Running)?.Message;
            verdict.Find(FindingKind.Stuck, name, $"still {status?.Phase ?? "without a phase"} at the deadline, in attempt {status?.Attempt}: {why}");
        }
        else if (status!.Phase != Phases.Succeeded)
        {
            var finished = status.Conditions?.FirstOrDefault(condition => condition.Type == ConditionTypes.Finished);
            verdict.Find(FindingKind.Lost, name, $"{status.Phase} with {finished?.Reason}: {finished?.Message}");
        }
        else if (status.Result?.Text != evidence.Program.Result)
        {
            verdict.Find(FindingKind.Lost, name, $"its result is '{status.Result?.Text}', not '{evidence.Program.Result}'");
        }
    }
}
