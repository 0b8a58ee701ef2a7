using AgentOperator.Api;
using AgentOperator.Chaos.Engine;
using AgentOperator.Protocol;

namespace AgentOperator.Chaos.Agents;

/// <summary>Makes up agents.</summary>
/// <param name="random">Chance.</param>
/// <param name="oddTexts">Whether users write odd text.</param>
/// <param name="largeOutputs">How often a tool says a lot.</param>
internal sealed class ProgramGenerator(SimulationRandom random, bool oddTexts, double largeOutputs)
{
    public const string Endpoint = "provider";

    public AgentProgram Generate(int number)
    {
        var name = $"run{number}";
        var steps = Enumerable.Range(0, random.Chance(0.1) ? random.Between(8, 16) : random.Between(1, 6)).Select(_ => Calls()).ToList();
        var tokens = (Prompt: random.Between(50, 200), Completion: random.Between(10, 80));
        var endless = random.Chance(0.08);
        var limits = new LimitsSpec
        {
            MaxSteps = endless ? random.Between(1, steps.Count) : 100,
            MaxTokens = random.Chance(0.08) ? (tokens.Prompt + tokens.Completion) * random.Between(1, steps.Count + 1) : null,
            ActiveDeadlineSeconds = random.Chance(0.12) ? random.Between(20, 600) : null,
            StepTimeoutSeconds = 120,
        };
        return new AgentProgram
        {
            Run = name,
            Model = $"model-{name}",
            Steps = steps,
            CallIds = random.Pick(Enum.GetValues<CallIdStyle>()),
            PromptTokens = tokens.Prompt,
            CompletionTokens = tokens.Completion,
            Spec = new AgentRunSpec
            {
                Task = $"Do the work of {name}: {AgentProgram.Secret}.{(oddTexts ? OddText.OfAUser : "")}",
                Instructions = random.Chance(0.5) ? $"Be careful: {AgentProgram.Secret}." : null,
                Model = new ModelSpec { EndpointRef = new LocalReference { Name = Endpoint }, Name = $"model-{name}" },
                Tools = [new ToolSpec { Name = ToolSpec.Shell, Effect = Effect() }, new ToolSpec { Name = ToolSpec.Files, Effect = Effect() }],
                Limits = limits,
                Resources = new ResourcesSpec { Limits = new ResourceLimits { Memory = "128Mi" } },
                Recovery = new RecoverySpec
                {
                    HeartbeatTimeoutSeconds = random.Pick([60, 120]),
                    RepeatedCrash = random.Pick([RepeatedCrashPolicy.TellModel, RepeatedCrashPolicy.Fail]),
                },
            },
        };
    }

    private ToolEffect Effect() => random.Pick([ToolEffect.Pure, ToolEffect.Keyed, ToolEffect.Irreversible, ToolEffect.Irreversible]);

    private List<ScriptedCall> Calls() => [.. Enumerable.Range(0, random.Chance(0.3) ? random.Between(2, 3) : 1).Select(_ => new ScriptedCall(
        random.Pick([ToolSpec.Shell, ToolSpec.Files]),
        random.Time(TimeSpan.FromMilliseconds(10), TimeSpan.FromSeconds(random.Chance(0.1) ? 60 : 4)),
        random.Chance(0.06) ? random.Between(129, random.Chance(0.2) ? 900 : 400) : 0,
        random.Chance(0.1),
        random.Chance(largeOutputs) ? 40_000 : random.Between(0, 200)))];
}
