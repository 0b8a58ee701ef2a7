using System.Text.Json;
using AgentOperator.Api;
using AgentOperator.Journal;
using AgentOperator.Protocol;

namespace AgentOperator.Tests.Runs;

internal sealed class FrozenSpecTests
{
    private static readonly AgentRunSpec Spec = new AgentRunBuilder()
        .Spec(spec => spec with { Tools = [new ToolSpec { Name = "shell", Effect = ToolEffect.Pure }] }).Build().Spec;

    [Test]
    public void Read_FrozenSpec_HasTheTextOfATaskFromElsewhere()
    {
        var spec = Spec with { Task = null, TaskFrom = new TaskSource { ConfigMapKeyRef = new ConfigMapKeyReference { Name = "tasks", Key = "a" } } };

        var frozen = FrozenSpec.Read(FrozenSpec.Freeze(spec, "The text."));

        Assert.That(frozen.Task, Is.EqualTo("The text."));
        Assert.That(FrozenSpec.ChangedFields(frozen, spec), Is.Empty);
    }

    [Test]
    public void Hash_WhatMayChangeChanges_StaysTheSame()
    {
        var changed = Spec with
        {
            Suspend = true,
            TtlSecondsAfterFinished = 5,
            PodTemplate = new PodTemplate { Spec = new PodTemplateSpec { PriorityClassName = "batch" } },
            Model = Spec.Model with { Parameters = new Dictionary<string, JsonElement> { ["temperature"] = JsonElement.Parse("0.5") } },
            Limits = Spec.Limits with { MaxSteps = 500 },
            Recovery = Spec.Recovery with { OutOfMemory = Spec.Recovery.OutOfMemory with { MaxMemory = "8Gi" } },
        };

        Assert.That(FrozenSpec.Hash(changed), Is.EqualTo(FrozenSpec.Hash(Spec)));
        Assert.That(FrozenSpec.Effective(FrozenSpec.Read(FrozenSpec.Freeze(Spec, Spec.Task!)), changed).Model.Parameters, Is.Not.Null);
    }

    [Test]
    public void Effective_AnotherFieldChangedToo_HasThePodTemplateOfNow()
    {
        var before = Spec with { PodTemplate = new PodTemplate { Spec = new PodTemplateSpec { PriorityClassName = "batch" } } };
        var now = before with { Tools = [], PodTemplate = new PodTemplate { Spec = new PodTemplateSpec { PriorityClassName = "urgent" } } };

        var effective = FrozenSpec.Effective(FrozenSpec.Read(FrozenSpec.Freeze(before, before.Task!)), now);

        Assert.That(effective.Tools, Has.Count.EqualTo(1));
        Assert.That(effective.PodTemplate!.Spec.PriorityClassName, Is.EqualTo("urgent"));
    }

    private static IEnumerable<TestCaseData> Changes()
    {
        yield return new TestCaseData((AgentRunSpec spec) => spec with { Task = "Another." }, "spec.task");
        yield return new TestCaseData((AgentRunSpec spec) => spec with { Model = spec.Model with { Name = "gpt-y" } }, "spec.model");
        yield return new TestCaseData((AgentRunSpec spec) => spec with { Tools = [] }, "spec.tools");
        yield return new TestCaseData((AgentRunSpec spec) => spec with { Recovery = spec.Recovery with { MaxFailures = 9 } }, "spec.recovery");
    }

    [TestCaseSource(nameof(Changes))]
    public void ChangedFields_ImmutableFieldChanged_IsNamed(Func<AgentRunSpec, AgentRunSpec> change, string path)
    {
        var changed = change(Spec);

        Assert.That(FrozenSpec.Hash(changed), Is.Not.EqualTo(FrozenSpec.Hash(Spec)));
        Assert.That(FrozenSpec.ChangedFields(FrozenSpec.Read(FrozenSpec.Freeze(Spec, Spec.Task!)), changed), Has.Some.StartsWith(path));
    }
}
