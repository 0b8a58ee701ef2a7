using System.Text.Json;
using AgentOperator.Protocol;
using k8s;

namespace AgentOperator.Api.Tests.Json;

public sealed class AgentRunJsonTests
{
    private const string Minimal = """
        {"apiVersion":"agentoperator.dev/v1alpha1","kind":"AgentRun","metadata":{"name":"a"},
         "spec":{"task":"t","model":{"endpointRef":{"name":"e"},"name":"m"}}}
        """;

    [Test]
    public void Read_AbsentFields_AreTheirDefaults()
    {
        var spec = Read(Minimal).Spec;

        Assert.Multiple(() =>
        {
            Assert.That(spec.Limits, Is.EqualTo(new LimitsSpec()));
            Assert.That(spec.Limits.MaxSteps, Is.EqualTo(100));
            Assert.That(spec.Recovery.OutOfMemory.MemoryPercent, Is.EqualTo(150));
            Assert.That(spec.Recovery.RepeatedCrash, Is.EqualTo(RepeatedCrashPolicy.TellModel));
            Assert.That(spec.Resources.Limits.Memory, Is.EqualTo("512Mi"));
            Assert.That(spec.Tools, Is.Empty);
            Assert.That(spec.Suspend, Is.False);
        });
    }

    /// <summary>So that the run's condition can say what is wrong with it.</summary>
    [Test]
    public void Read_NestedAsDeepAsTheServerTakes_IsReadAndRefused()
    {
        const int Levels = 7000;
        var json = Minimal.Replace(
            "\"model\":{", $"\"model\":{{\"parameters\":{{\"a\":{new string('[', Levels)}{new string(']', Levels)}}},", StringComparison.Ordinal);

        var run = Read(json);

        Assert.That(AgentRunValidator.Validate(run).Select(violation => violation.Field), Is.EqualTo(new[] { "spec.model.parameters.a" }));
    }

    /// <summary>KubernetesClient's own calls read and write with its own options.</summary>
    [Test]
    public void Read_ByKubernetesClient_IsTheSame() =>
        Assert.That(
            JsonSerializer.Serialize(KubernetesJson.Deserialize<AgentRun>(Minimal).Spec, ApiJson.Options),
            Is.EqualTo(JsonSerializer.Serialize(Read(Minimal).Spec, ApiJson.Options)));

    [Test]
    public void Read_WhatWasWritten_IsEqual()
    {
        var run = Manifests.Read<AgentRun>(Repository.Read("tests/AgentOperator.Api.Tests/Json/full-run.yaml"));
        var written = JsonSerializer.Serialize(run, ApiJson.Options);

        Assert.Multiple(() =>
        {
            Assert.That(JsonSerializer.Serialize(Read(written), ApiJson.Options), Is.EqualTo(written));
            Assert.That(
                JsonSerializer.Serialize(KubernetesJson.Deserialize<AgentRun>(KubernetesJson.Serialize(run)), ApiJson.Options), Is.EqualTo(written));
        });
    }

    [Test]
    public void Read_FullRun_HasItsValues()
    {
        var spec = Manifests.Read<AgentRun>(Repository.Read("tests/AgentOperator.Api.Tests/Json/full-run.yaml")).Spec;

        Assert.Multiple(() =>
        {
            Assert.That(spec.Tools[1].Effect, Is.EqualTo(ToolEffect.Keyed));
            Assert.That(spec.Tools[1].Allow, Is.EqualTo(new[] { "search" }));
            Assert.That(spec.Resources.Limits.Cpu, Is.EqualTo("2"), "written as a number");
            Assert.That(spec.Resources.Limits.EphemeralStorage, Is.EqualTo("2Gi"));
            Assert.That(spec.Sandbox.NodeSelector["disk"], Is.EqualTo("ssd"));
        });
    }

    [Test]
    public void Read_StatusOfALaterVersion_IsTolerated()
    {
        var status = JsonSerializer.Deserialize<AgentRunStatus>(
            """{"phase":"Dreaming","attempts":[{"number":1,"outcome":"Abducted","altitude":3}],"mood":"good"}""", ApiJson.Options)!;

        Assert.Multiple(() =>
        {
            Assert.That(status.Phase, Is.EqualTo("Dreaming"));
            Assert.That(status.Attempts![0].Outcome, Is.EqualTo("Abducted"));
        });
    }

    [Test]
    public void Time_WrittenAndRead_LosesNothing()
    {
        var time = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.FromHours(2)).AddTicks(1234567);
        var status = new AgentRunStatus { StartedAt = time };
        var json = JsonSerializer.Serialize(status, ApiJson.Options);

        Assert.Multiple(() =>
        {
            Assert.That(json, Is.EqualTo("""{"startedAt":"2026-01-02T01:04:05.1234567Z"}"""));
            Assert.That(JsonSerializer.Deserialize<AgentRunStatus>(json, ApiJson.Options), Is.EqualTo(status));
        });
    }

    [Test]
    public void Status_AtItsLargest_StaysUnder16KiB()
    {
        var attempts = Enumerable.Range(1, AgentRunStatus.MaxAttempts).Select(number => new AttemptStatus
        {
            Number = number,
            Pod = new string('p', 63),
            PodUid = Guid.NewGuid().ToString(),
            Node = new string('n', 63),
            MemoryLimit = "1024Mi",
            StartedAt = DateTimeOffset.UnixEpoch,
            FinishedAt = DateTimeOffset.UnixEpoch,
            Outcome = Outcomes.OutOfMemory,
            ExitCode = 137,
            Reason = "OOMKilled",
            Message = new string('m', 512),
            FromSequence = 1,
            ToSequence = 2,
            RecoverySeconds = 3,
        });
        var status = new AgentRunStatus { Attempts = [.. attempts], Result = new ResultStatus { Text = new string('r', 4096) } };

        Assert.That(JsonSerializer.SerializeToUtf8Bytes(status, ApiJson.Options), Has.Length.LessThan(15 * 1024));
    }

    private static AgentRun Read(string json) => JsonSerializer.Deserialize<AgentRun>(json, ApiJson.Options)!;
}
