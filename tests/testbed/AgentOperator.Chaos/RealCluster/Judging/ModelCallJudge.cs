using System.Globalization;
using AgentOperator.Chaos.Judging;
using AgentOperator.Chaos.RealCluster.Evidence;
using AgentOperator.Chaos.RealCluster.Plan;
using AgentOperator.Protocol;

namespace AgentOperator.Chaos.RealCluster.Judging;

/// <summary>I2: the model answered each step once, by its own log.</summary>
internal static class ModelCallJudge
{
    /// <summary>A strike changed the key.</summary>
    private const int WrongKey = 401;

    /// <summary>A replica that is told to stop has so long to end what it does: the chart's <c>terminationGracePeriodSeconds</c>.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(330);

    /// <summary>Judges the model's log.</summary>
    public static void Judge(RunEvidence evidence, Verdict verdict)
    {
        var name = evidence.Program.Run;
        foreach (var call in evidence.Calls.Where(call => call is { Outcome: ModelCall.Rejected, Status: not WrongKey }))
        {
            verdict.Find(
                FindingKind.Other, name, $"the model refused call {call.Number}, of step {call.Step}: it is not the conversation of the scenario");
        }

        var answers = evidence.Journal.Where(record => record.Kind == RecordKinds.ModelAnswer).ToList();
        foreach (var step in evidence.Calls.Where(call => call.Outcome == ModelCall.Answered).GroupBy(call => call.Step))
        {
            var calls = step.OrderBy(call => call.Number).ToList();
            foreach (var (first, again) in calls.Zip(calls.Skip(1)))
            {
                var committed = step.Key < answers.Count ? answers[step.Key!.Value].Time : (DateTimeOffset?)null;
                JudgeRepetition(evidence, first, again, committed, verdict);
            }
        }
    }

    private static void JudgeRepetition(RunEvidence evidence, ModelCall first, ModelCall again, DateTimeOffset? committed, Verdict verdict)
    {
        var answered = first.Time.AddMilliseconds(first.DurationMs);
        var text = string.Create(
            CultureInfo.InvariantCulture,
            $"step {first.Step} was answered by call {first.Number} at {answered:HH:mm:ss.fff} and again by call {again.Number}, sent at "
                + $"{again.Time:HH:mm:ss.fff}; an answer was committed at {committed:HH:mm:ss.fff}");

        // Only strikes at the replica that made the call: the death of another one loses nothing.
        var died = evidence.OperatorStrikes
            .Where(strike => strike.From <= again.Time
                && strike.Until + (strike.Strike.Kind == StrikeKind.DeleteLeader ? Grace : TimeSpan.Zero) >= first.Time
                && (first.Caller is null || strike.Address == first.Caller))
            .OrderBy(strike => strike.From)
            .Select(strike => string.Create(CultureInfo.InvariantCulture, $"{strike.Victim} was struck at {strike.From:HH:mm:ss.fff}"))
            .ToList();
        if (died.Count > 0 && !(committed < again.Time))
        {
            verdict.Allow(ExceptionKind.AnswerLostWithReplica, $"{evidence.Program.Run}: {text}; {string.Join(", ", died)}");
        }
        else
        {
            verdict.Find(FindingKind.Repeated, evidence.Program.Run, text);
        }
    }
}
