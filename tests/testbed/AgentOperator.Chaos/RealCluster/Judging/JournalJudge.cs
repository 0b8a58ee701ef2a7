using AgentOperator.Api;
using AgentOperator.Chaos.Judging;
using AgentOperator.Chaos.RealCluster.Evidence;
using AgentOperator.Protocol;

namespace AgentOperator.Chaos.RealCluster.Judging;

/// <summary>I1 and I3: the journal of an ended run is whole, in order, and has every answer and every call's outcome once.</summary>
internal static class JournalJudge
{
    /// <summary>Judges the journal.</summary>
    public static void Judge(RunEvidence evidence, Verdict verdict)
    {
        var name = evidence.Program.Run;
        if (evidence.BrokenJournal is { } broken)
        {
            verdict.Find(FindingKind.Lost, name, broken);
            return;
        }

        for (var i = 0; i < evidence.Journal.Count; i++)
        {
            if (evidence.Journal[i].Sequence != i + 1)
            {
                verdict.Find(FindingKind.Lost, name, $"its journal has record {evidence.Journal[i].Sequence} where record {i + 1} should be");
                return;
            }

            if (i > 0 && evidence.Journal[i].Epoch < evidence.Journal[i - 1].Epoch)
            {
                verdict.Find(
                    FindingKind.Lost, name,
                    $"record {i + 1} was committed by attempt {evidence.Journal[i].Epoch} after attempt {evidence.Journal[i - 1].Epoch} had the run");
            }
        }

        if (evidence.Run?.Status?.Phase == Phases.Succeeded)
        {
            JudgeWhole(evidence, verdict);
        }
    }

    private static void JudgeWhole(RunEvidence evidence, Verdict verdict)
    {
        var name = evidence.Program.Run;
        if (evidence.Journal is not [.., { Kind: RecordKinds.RunFinished }]
            || evidence.Journal.Count(record => record.Kind == RecordKinds.RunFinished) != 1)
        {
            verdict.Find(FindingKind.Lost, name, "it succeeded, and its journal does not end with its one end");
        }

        var answers = evidence.Journal.Count(record => record.Kind == RecordKinds.ModelAnswer);
        if (answers != evidence.Program.Answers)
        {
            verdict.Find(FindingKind.Lost, name, $"its journal has {answers} answers of the model, not {evidence.Program.Answers}");
        }

        foreach (var call in evidence.Program.Calls)
        {
            var outcomes = evidence.Journal.Count(record => record.CallId == call.Id && RecordKinds.IsToolOutcome(record.Kind));
            if (outcomes != 1)
            {
                verdict.Find(FindingKind.Lost, name, $"its journal has {outcomes} outcomes of {call.Id}");
            }
        }
    }
}
