using System.Globalization;
using System.Text.Json.Nodes;
using AgentOperator.Api;
using AgentOperator.Testing;

namespace AgentOperator.Chaos.RealCluster.Programs;

/// <summary>A program as the cluster gets it: the model's scenario and the run's manifest.</summary>
internal static class ProgramManifests
{
    /// <summary>
    /// The memory limit of a first attempt: filling a pod's 64 MiB of shared memory kills it; the next attempt has twice as much and lives.
    /// </summary>
    public const string FirstMemoryLimit = "64Mi";

    /// <summary>Name of the scenario, of the model and of its effects in the ledger: the model's log is older than this namespace.</summary>
    public static string ScenarioName(string ns, ClusterProgram program) => $"{ns}-{program.Run}";

    /// <summary>The scenario.</summary>
    public static string Scenario(string ns, ClusterProgram program)
    {
        var scenario = new Scenario(ScenarioName(ns, program));
        foreach (var step in program.Steps)
        {
            if (step.Fault is { } fault)
            {
                scenario.AfterFault(Fault(fault));
            }

            scenario.Shells([.. step.Calls.Select(call => Command(ScenarioName(ns, program), call))], (int)step.Delay.TotalMilliseconds);
        }

        return scenario.Answer(program.Result, (int)program.FinalDelay.TotalMilliseconds).ToString();
    }

    /// <summary>The run's manifest.</summary>
    public static string Run(string ns, ClusterProgram program)
    {
        var spec = Specs.Of(ScenarioName(ns, program), program.Effect);
        return Manifests.Of(
            spec with
            {
                Limits = new LimitsSpec { MaxSteps = program.Answers },
                Resources = spec.Resources with { Limits = new ResourceLimits { Memory = FirstMemoryLimit, EphemeralStorage = "32Mi" } },
                Recovery = new RecoverySpec
                {
                    // More than strikes can meet one run without its getting anywhere: so a run that fails was failed by the product.
                    MaxFailures = 6,
                    BackoffSeconds = 1,
                    MaxBackoffSeconds = 10,
                    HeartbeatTimeoutSeconds = program.HeartbeatTimeoutSeconds,
                    OutOfMemory = new OutOfMemorySpec { MemoryPercent = 200, MaxMemory = "512Mi" },
                },
            },
            ns,
            program.Run);
    }

    // Its output has a character beyond the first plane, half a character and a control, as a tool that cuts its output leaves them.
    // A network that is cut must not end the command: it asks again until the ledger has answered. The note tells one start of the command
    // from another, so an effect that the ledger got twice from one start is one effect.
    private static string Command(string scenario, ProgramCall call) => string.Create(
        CultureInfo.InvariantCulture,
        $"start=$(cat /proc/sys/kernel/random/uuid); until curl -sSf -m 5 -o /dev/null --data "
            + $"\"key={call.EffectKey}&run={scenario}&note=$start:$AGENT_ATTEMPT:$IDEMPOTENCY_KEY\" {{{{effects}}}}/{scenario}; do sleep 1; done; "
            + $"sleep {call.Work.TotalSeconds:0.###}; printf '\\360\\237\\216\\211 \\355\\240\\274 \\033[31m '; echo {call.Done}");

    private static JsonObject Fault(ProviderFault fault) => fault switch
    {
        ProviderFault.Overloaded => new JsonObject { ["status"] = 503, ["times"] = 4 },
        ProviderFault.Busy => new JsonObject { ["status"] = 429, ["code"] = "rate_limit_exceeded", ["retryAfterSeconds"] = 30 },
        ProviderFault.QuotaUsedUp => new JsonObject { ["status"] = 429, ["code"] = "insufficient_quota" },
        ProviderFault.NoChoice => new JsonObject { ["emptyChoices"] = true },
        ProviderFault.Malformed => new JsonObject { ["malformed"] = true },
        _ => new JsonObject { ["drop"] = true },
    };
}
