using System.Net;
using System.Net.Http.Json;
using AgentOperator.Api;
using AgentOperator.Protocol;

namespace AgentOperator.Tests.Gateway;

/// <summary>Edits that an API server without CEL lets through, seen by the runner that is at work.</summary>
[TestFixture]
internal sealed class AcceptedSpecTests
{
    private const string TwoAnswers = "steps: [{text: one}, {text: two}]";

    private static readonly LimitsSpec Limits = new() { MaxSteps = 50, MaxTokens = 100_000, ActiveDeadlineSeconds = 3600, StepTimeoutSeconds = 100 };

    private static IEnumerable<TestCaseData> ForbiddenEdits()
    {
        yield return Edit("task", spec => spec with { Task = "another" });
        yield return Edit("instructions", spec => spec with { Instructions = "Be rude." });
        yield return Edit("model", spec => spec with { Model = spec.Model with { Name = "another" } });
        yield return Edit("endpoint", spec => spec with { Model = spec.Model with { EndpointRef = new LocalReference { Name = "absent" } } });
        yield return Edit("output tokens", spec => spec with { Model = spec.Model with { MaxOutputTokens = 1 } });
        yield return Edit("tools", spec => spec with { Tools = [new ToolSpec { Name = "shell", Effect = ToolEffect.Pure }] });
        yield return Edit("steps", spec => spec with { Limits = spec.Limits with { MaxSteps = 1 } });
        yield return Edit("tokens", spec => spec with { Limits = spec.Limits with { MaxTokens = 1 } });
        yield return Edit("deadline", spec => spec with { Limits = spec.Limits with { ActiveDeadlineSeconds = 1 } });
        yield return Edit("step timeout", spec => spec with { Limits = spec.Limits with { StepTimeoutSeconds = 1 } });
        yield return Edit("tool output", spec => spec with { Limits = spec.Limits with { MaxToolOutputBytes = 1024 } });
        yield return Edit("journal", spec => spec with { Limits = spec.Limits with { MaxJournalBytes = 1 } });
        yield return Edit("heartbeats", spec => spec with { Recovery = spec.Recovery with { HeartbeatTimeoutSeconds = 10 } });
    }

    private static TestCaseData Edit(string field, Func<AgentRunSpec, AgentRunSpec> change) => new TestCaseData(change).SetArgDisplayNames(field);

    [TestCaseSource(nameof(ForbiddenEdits))]
    public async Task Chat_SpecWasEditedInAForbiddenWay_AttemptGoesOnUnderTheAcceptedOne(Func<AgentRunSpec, AgentRunSpec> change)
    {
        await using var world = await GatewayWorld.StartAsync(TwoAnswers, Limits);
        using var first = await world.ChatAsync(world.Token, "step-1", 2);
        var before = await DescribeAsync(world, Routes.Run);

        await world.ChangeRunAsync(change);

        using var second = await world.ChatAsync(world.Token, "step-2", 3, GatewayWorld.Body("test-model", 1));
        using var beat = await world.PostAsync(world.Token, Routes.Heartbeat, new HeartbeatRequest(1));
        var terms = (await beat.Content.ReadFromJsonAsync(ProtocolJson.Default.HeartbeatResponse))!.Terms!;
        Assert.That((first.StatusCode, second.StatusCode), Is.EqualTo((HttpStatusCode.OK, HttpStatusCode.OK)));
        Assert.That(terms.Limits, Is.EqualTo(before.Limits));
        foreach (var path in (string[])[Routes.Run, Routes.RunWithJournal])
        {
            var after = await DescribeAsync(world, path);
            Assert.That(
                (after.Task, after.Instructions, after.Model, after.Limits, after.HeartbeatSeconds, after.Tools.Count),
                Is.EqualTo((before.Task, before.Instructions, before.Model, before.Limits, before.HeartbeatSeconds, before.Tools.Count)));
        }
    }

    [Test]
    public async Task Chat_ForbiddenAndAllowedEditTogether_TheAllowedOneTakesEffect()
    {
        await using var world = await GatewayWorld.StartAsync(TwoAnswers, new LimitsSpec { MaxSteps = 1 });
        using var first = await world.ChatAsync(world.Token, "step-1", 2);

        await world.ChangeRunAsync(spec => spec with
        {
            Model = spec.Model with { Name = "another" }, Limits = spec.Limits with { MaxSteps = 2, StepTimeoutSeconds = 1 }, Suspend = true,
        });

        using var second = await world.ChatAsync(world.Token, "step-2", 3, GatewayWorld.Body("test-model", 1));
        using var beat = await world.PostAsync(world.Token, Routes.Heartbeat, new HeartbeatRequest(1));
        var answer = await beat.Content.ReadFromJsonAsync(ProtocolJson.Default.HeartbeatResponse);
        Assert.That(second.StatusCode, Is.EqualTo(HttpStatusCode.OK), "the limit was raised");
        Assert.That(answer!.Directive, Is.EqualTo(HeartbeatDirective.Stop), "the run was suspended");
    }

    [Test]
    public async Task Heartbeat_OfARunWhoseSpecWasChanged_CostsNoRead()
    {
        await using var world = await GatewayWorld.StartAsync(TwoAnswers);
        await world.ChangeRunAsync(spec => spec with { Model = spec.Model with { Name = "another" } });

        var reads = world.Segments.Reads;
        for (var beat = 0; beat < 3; beat++)
        {
            using var answer = await world.PostAsync(world.Token, Routes.Heartbeat, new HeartbeatRequest(1));
        }

        Assert.That(world.Segments.Reads - reads, Is.Zero);
    }

    private static async Task<RunDescription> DescribeAsync(GatewayWorld world, string path)
    {
        using var response = await world.GetAsync(world.Token, path);
        return (await response.Content.ReadFromJsonAsync(ProtocolJson.Default.RunDescription))!;
    }
}
