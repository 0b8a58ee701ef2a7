using System.Text.Json;

namespace AgentOperator.Api.Tests.Validation;

public sealed class AgentRunImmutabilityTests
{
    private static readonly AgentRunSpec Old = new AgentRunBuilder().With(spec => spec with
    {
        Tools = [new() { Name = "shell" }],
        Limits = new() { MaxSteps = 10, MaxTokens = 1000 },
    }).Build().Spec;

    private static readonly Dictionary<string, JsonElement> Temperature = new() { ["temperature"] = JsonElement.Parse("0.5") };

    public static IEnumerable<TestCaseData> Refused()
    {
        yield return Case("spec.task", spec => spec with { Task = "Another." });
        yield return Case("spec.instructions", spec => spec with { Instructions = "New." });
        yield return Case("spec.model.name", spec => spec with { Model = spec.Model with { Name = "other" } });
        yield return Case("spec.model.endpointRef", spec => spec with { Model = spec.Model with { EndpointRef = new() { Name = "other" } } });
        yield return Case("spec.model.maxOutputTokens", spec => spec with { Model = spec.Model with { MaxOutputTokens = 5 } });
        yield return Case("spec.tools", spec => spec with { Tools = [.. spec.Tools, new() { Name = "files" }] });
        yield return Case("spec.resources", spec => spec with { Resources = new() { Limits = new() { Memory = "1Gi" } } });
        yield return Case("spec.recovery.maxFailures", spec => spec with { Recovery = new() { MaxFailures = 4 } });
        yield return Case("spec.recovery.repeatedCrash", spec => spec with { Recovery = new() { RepeatedCrash = RepeatedCrashPolicy.Fail } });
        yield return Case(
            "spec.recovery.outOfMemory.memoryPercent", spec => spec with { Recovery = new() { OutOfMemory = new() { MemoryPercent = 100 } } });
        yield return Case("spec.sandbox", spec => spec with { Sandbox = new() { RuntimeClassName = "gvisor" } });
        yield return Case("spec.runner", spec => spec with { Runner = new() { Image = "mine" } });
        yield return Case("spec.limits.maxSteps", spec => spec with { Limits = spec.Limits with { MaxSteps = 9 } });
        yield return Case("spec.limits.maxTokens", spec => spec with { Limits = spec.Limits with { MaxTokens = 999 } });
        yield return Case("spec.limits.maxJournalBytes", spec => spec with { Limits = spec.Limits with { MaxJournalBytes = 2_000_000 } });
        yield return Case("spec.limits.activeDeadlineSeconds", spec => spec with { Limits = spec.Limits with { ActiveDeadlineSeconds = 60 } });
    }

    public static IEnumerable<TestCaseData> Allowed()
    {
        yield return Case("nothing", spec => spec with { Tools = [new() { Name = "shell" }] });
        yield return Case("suspend", spec => spec with { Suspend = true });
        yield return Case("ttlSecondsAfterFinished", spec => spec with { TtlSecondsAfterFinished = 5 });
        yield return Case("other parameters of the model", spec => spec with { Model = spec.Model with { Parameters = Temperature } });
        yield return Case("a higher limit", spec => spec with { Limits = spec.Limits with { MaxSteps = 11, StepTimeoutSeconds = 301 } });
        yield return Case("a larger journal", spec => spec with { Limits = spec.Limits with { MaxJournalBytes = 100_000_000 } });
        yield return Case("a smaller context", spec => spec with { Limits = spec.Limits with { MaxContextBytes = 8192 } });
        yield return Case("no limit any more", spec => spec with { Limits = spec.Limits with { MaxTokens = null } });
        yield return Case("more memory at the cap", spec => spec with { Recovery = new() { OutOfMemory = new() { MaxMemory = "8Gi" } } });
    }

    [TestCaseSource(nameof(Refused))]
    public void Compare_ForbiddenChange_NamesTheField(string field, Func<AgentRunSpec, AgentRunSpec> change) =>
        Assert.That(AgentRunImmutability.Compare(Old, change(Old)).Select(violation => violation.Field), Is.EqualTo(new[] { field }));

    [TestCaseSource(nameof(Allowed))]
    public void Compare_AllowedChange_IsNoViolation(string what, Func<AgentRunSpec, AgentRunSpec> change) =>
        Assert.That(AgentRunImmutability.Compare(Old, change(Old)), Is.Empty, what);

    /// <summary>Records of C# may hold null where a document cannot: it stands for the default.</summary>
    [Test]
    public void Compare_ObjectIsNull_IsItsDefault()
    {
        var old = Old with
        {
            Limits = new LimitsSpec { MaxSteps = 500 },
            Recovery = new RecoverySpec { MaxFailures = 9 },
            Sandbox = new SandboxSpec { RuntimeClassName = "gvisor" },
        };
        var reset = old with { Limits = null!, Recovery = null!, Sandbox = null!, Runner = null! };

        Assert.That(
            AgentRunImmutability.Compare(old, reset).Select(violation => violation.Field),
            Is.EquivalentTo(new[] { "spec.limits.maxSteps", "spec.recovery.maxFailures", "spec.sandbox" }));
    }

    private static TestCaseData Case(string name, Func<AgentRunSpec, AgentRunSpec> change) => new TestCaseData(name, change).SetArgDisplayNames(name);
}
