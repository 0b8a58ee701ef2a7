using AgentOperator.Api;
using AgentOperator.Chaos.RealCluster.Evidence;
using AgentOperator.Chaos.RealCluster.Judging;
using AgentOperator.Chaos.RealCluster.Plan;
using AgentOperator.Chaos.RealCluster.Programs;
using AgentOperator.Protocol;
using k8s.Models;

namespace AgentOperator.Chaos.Tests.RealCluster;

/// <summary>A run of two steps with one call each that went as it should, to be changed.</summary>
internal sealed class RunEvidenceBuilder(ToolEffect effect = ToolEffect.Irreversible)
{
    /// <summary>The address of the replica that makes every call.</summary>
    public const string Replica = "10.1.0.5";

    private static readonly DateTimeOffset Start = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly ClusterProgram _program = new()
    {
        Run = "r0001",
        Effect = effect,
        Steps = [Step(0), Step(1)],
        FinalDelay = TimeSpan.Zero,
        HeartbeatTimeoutSeconds = 20,
    };

    public string Phase { get; set; } = Phases.Succeeded;

    public string? Result { get; set; } = "r0001 is done. \U0001F389 \u05E9\u05DC\u05D5\u05DD \u65E5\u672C\u8A9E";

    public List<CommittedRecord> Journal { get; } =
    [
        Record(1, 0, RecordKinds.RunStarted),
        Record(2, 1, RecordKinds.EpochClaimed),
        Record(3, 1, RecordKinds.ModelAnswer),
        Record(4, 1, RecordKinds.ToolResult, "call_0_0", "done 0.0\n"),
        Record(5, 1, RecordKinds.ModelAnswer),
        Record(6, 1, RecordKinds.ToolResult, "call_1_0", "done 1.0\n"),
        Record(7, 1, RecordKinds.ModelAnswer),
        Record(8, 1, RecordKinds.RunFinished),
    ];

    public List<ModelCall> Calls { get; } = [Call(1, 0, 2), Call(2, 1, 4), Call(3, 2, 6)];

    public List<ToolEffectEntry> Effects { get; } = [Effect(0, "a", effect), Effect(1, "b", effect)];

    public List<StrikeRecord> Strikes { get; } = [];

    /// <summary>The time of the record with that sequence.</summary>
    public static DateTimeOffset At(double seconds) => Start.AddSeconds(seconds);

    public static CommittedRecord Record(long sequence, int epoch, string kind, string? call = null, string? content = null) =>
        new(sequence, epoch, kind, call, At(sequence), content);

    public static ModelCall Call(long number, int step, double arrival) =>
        new() { Number = number, Step = step, Time = At(arrival), DurationMs = 500, Outcome = ModelCall.Answered, Caller = Replica };

    public static ToolEffectEntry Effect(int step, string start, ToolEffect effect, string? key = null) => new()
    {
        Key = $"{step}.0", Note = $"{start}:1:{key ?? (effect == ToolEffect.Keyed ? $"key{step}" : "")}",
    };

    public static StrikeRecord OperatorKill(double from, double until, string address = Replica) => new(
        new Strike(1, StrikeKind.KillOperator, TimeSpan.Zero, TimeSpan.Zero, 0), "agent-operator-1", At(from), At(until), address);

    public Verdict Judge()
    {
        var verdict = new Verdict();
        RunJudge.Judge(
            new RunEvidence
            {
                Program = _program,
                Run = new AgentRun
                {
                    Metadata = new V1ObjectMeta { Name = _program.Run },
                    Spec = new AgentRunSpec { Model = new ModelSpec { EndpointRef = new LocalReference { Name = "e" }, Name = "m" } },
                    Status = new AgentRunStatus { Phase = Phase, Result = new ResultStatus { Text = Result } },
                },
                Journal = Journal,
                Calls = Calls,
                Effects = Effects,
                OperatorStrikes = Strikes,
            },
            verdict);
        return verdict;
    }

    private static ProgramStep Step(int step) => new(TimeSpan.Zero, [new ProgramCall(step, 0, TimeSpan.FromSeconds(1))]);
}
