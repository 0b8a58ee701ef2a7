using System.Text.Json;
using AgentOperator.Api;
using AgentOperator.Chaos.Agents;
using AgentOperator.Chaos.Judging;
using AgentOperator.Protocol;

namespace AgentOperator.Chaos.Oracles;

/// <summary>What must hold when all faults are over and every run has had its time to end.</summary>
internal sealed class EndingOracle(World world, JournalOracle journal, Findings findings)
{
    /// <summary>After the last fault a run needs few attempts: one that goes on, and some that climb to the memory it needs.</summary>
    private const int MaxCalmAttempts = 8;

    private static readonly TimeSpan ClockTolerance = TimeSpan.FromSeconds(5);

    public void Check(bool ended)
    {
        foreach (var run in world.Server.Runs.All)
        {
            var phase = run.Status?.Phase;
            if (!Phases.IsTerminal(phase))
            {
                findings.Add(
                    FindingKind.Stuck,
                    run.Metadata.Name,
                    $"still {phase ?? "without a phase"} at the end ({run.Status?.WaitingFor ?? Conditions(run)})");
                continue;
            }

            CheckEnd(run, phase!);
        }

        if (!ended)
        {
            findings.Add(FindingKind.Stuck, "the world", "did not come to rest");
        }

        foreach (var leftover in Leftovers())
        {
            findings.Add(leftover);
        }

        foreach (var (run, attempts) in world.CalmAttempts.Where(pair => pair.Value > MaxCalmAttempts))
        {
            findings.Add(FindingKind.Stuck, run, $"{attempts} attempts after the last fault");
        }
    }

    private IReadOnlyList<Finding> Leftovers() => LeftoverJudge.Judge(
        new Leftovers(
            [.. world.Server.Pods.All.Select(LivePod.Of)],
            [.. world.Server.Segments.All.Select(segment => (segment.Metadata.Name, segment.Spec.RunUid))],
            [.. world.Agents.Where(agent => agent.IsAlive).Select(agent => $"{agent.Name} {agent.Uid}")]),
        world.Server.Runs.All.Select(run => run.Metadata.Uid).ToHashSet(),
        world.Server.Runs.All.Where(run => !Phases.IsTerminal(run.Status?.Phase)).Select(run => run.Metadata.Uid).ToHashSet());

    /// <summary>Whether the run had the time that its deadline gives it, but for what clocks differ that are set right.</summary>
    private static bool HadItsTime(AgentRun run) =>
        run.Spec.Limits.ActiveDeadlineSeconds is { } seconds
        && run.Status!.FinishedAt - run.Status.StartedAt >= TimeSpan.FromSeconds(seconds) - ClockTolerance;

    /// <summary>Whether the model was asked once more for an answer that can be used, or could not be asked.</summary>
    private bool EndedUnusable(AgentRun run)
    {
        var answers = journal.Of(run.Metadata.Uid)!.Records
            .Where(record => record.Kind == RecordKinds.ModelAnswer)
            .Select(record => record.Payload.Deserialize(ProtocolJson.Default.ModelAnswerPayload)!)
            .ToList();
        return answers.TakeLast(answers.Count == run.Spec.Limits.MaxSteps ? 1 : 2).All(IsUnusable);
    }

    private static bool IsUnusable(ModelAnswerPayload answer) =>
        answer.ToolCalls.Count == 0 && answer.Text?.StartsWith(AgentProgram.Result, StringComparison.Ordinal) != true;

    private static string Conditions(AgentRun run) =>
        run.Status?.Conditions?.FirstOrDefault(condition => condition.Type == ConditionTypes.Running)?.Message ?? "";

    private void CheckEnd(AgentRun run, string phase)
    {
        var name = run.Metadata.Name;
        var end = journal.Of(run.Metadata.Uid)?.Records.LastOrDefault();
        if (end?.Kind != RecordKinds.RunFinished)
        {
            findings.Add(FindingKind.Lost, name, $"is {phase}, and its journal ends with {end?.Kind ?? "nothing"}");
            return;
        }

        var finished = end.Payload.Deserialize(ProtocolJson.Default.RunFinishedPayload)!;
        if (finished.Outcome.ToString() != phase)
        {
            findings.Add(FindingKind.Lost, name, $"is {phase}, and its journal says {finished.Outcome}");
        }

        var limits = run.Spec.Limits;
        var excused = (finished.Reason == Reasons.DeadlineExceeded && HadItsTime(run))
            || (finished.Reason == Reasons.BudgetExhausted && (limits.MaxTokens is not null || limits.MaxSteps < 100))
            || (finished.Reason == TerminationReasons.UnusableAnswer && EndedUnusable(run))
            || world.CostlyFaults(name) >= run.Spec.Recovery.MaxFailures;
        if (finished.Outcome != RunOutcome.Succeeded && !excused)
        {
            findings.Add(FindingKind.Other, name, $"failed with {finished.Reason} though nothing cost it a failure: {finished.Message}");
        }

        if (finished.Outcome == RunOutcome.Succeeded && finished.Result?.StartsWith(AgentProgram.Result, StringComparison.Ordinal) != true)
        {
            findings.Add(FindingKind.Lost, name, "succeeded without the model's result");
        }

        // A node that dies, or heartbeats that are lost, may look like an agent that hangs.
        var attempts = run.Status!.Attempts ?? [];
        if (run.Status.Failures - attempts.Count(attempt => attempt.Outcome == Outcomes.Hung) > world.CostlyFaults(name))
        {
            findings.Add(
                FindingKind.Other, name,
                $"{run.Status.Failures} failures were counted, and {world.CostlyFaults(name)} faults could cost one; the attempts ended with "
                    + string.Join(", ", attempts.Select(attempt => $"{attempt.Outcome} ({attempt.Message})")));
        }
    }
}
