namespace AgentOperator.EndToEnd.Users;

/// <summary>Users have kubectl and nothing of ours.</summary>
public sealed class UserCommandsTests : EndToEndTest
{
    [Test]
    public async Task Explain_Recovery_TellsEachField()
    {
        var text = await Kubectl.RunAsync(["explain", "agentrun.spec.recovery"]);

        Assert.That(text, Does.Contain("maxFailures").And.Contain("backoffSeconds").And.Contain("outOfMemory"));
        Assert.That(text, Does.Contain("What happens after a pod is lost"));
        Assert.That(text, Does.Contain("Default: 3"));
    }

    [Test]
    public async Task FinishedRun_KubectlCommands_TellAUserWhatHappened()
    {
        var scenario = NewScenario();
        scenario.Shell(scenario.Effect("one")).Answer("This is the answer.");
        var run = await StartAsync(scenario);

        await run.KubectlAsync("wait", run.Reference, "--for=condition=Finished", "--timeout=50s");
        var status = await run.SucceededAsync(2);
        var table = await run.KubectlAsync("get", "arun");
        var wide = await run.KubectlAsync("get", "arun", "--output", "wide");
        var described = await run.KubectlAsync("describe", run.Reference);
        var log = await run.KubectlAsync("logs", run.PodName(1));
        var category = await run.KubectlAsync("get", "agents", "--output", "name");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(Words(table, 0), Is.EqualTo(new[] { "NAME", "PHASE", "REASON", "ATTEMPT", "STEP", "LAST-EXIT", "TOKENS", "AGE" }));
            Assert.That(Words(table, 1)[..6], Is.EqualTo(new[] { "run", "Succeeded", "Completed", "1", "2", "Completed" }));
            Assert.That(Words(wide, 0), Is.SupersetOf(new[] { "POD", "CHECKPOINT", "MODEL" }));
            Assert.That(Words(wide, 1), Is.SupersetOf(new[] { run.PodName(1), ScenarioName }));
            Assert.That(described, Does.Contain("AttemptStarted").And.Contain("Completed"), "events are under describe");
            Assert.That(described, Does.Contain("This is the answer."));
            Assert.That(log, Does.Contain("step 1: asking the model").And.Match("tool .*shell.* started"));
            Assert.That(category, Does.Contain("agentrun.agentoperator.dev/run").And.Contain("modelendpoint.agentoperator.dev/scripted"));
            Assert.That(status.Result?.Text, Is.EqualTo("This is the answer."));
        }
    }

    private static string[] Words(string table, int line) => table.Split('\n')[line].Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
