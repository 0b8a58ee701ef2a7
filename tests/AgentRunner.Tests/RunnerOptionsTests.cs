using AgentOperator.Protocol;
using AgentRunner.Exits;

namespace AgentRunner.Tests;

internal sealed class RunnerOptionsTests
{
    private static readonly Dictionary<string, string> Complete = new()
    {
        [RunnerEnvironment.GatewayUrl] = "https://gateway:8443",
        [RunnerEnvironment.TokenFile] = "/var/run/token",
        [RunnerEnvironment.Workspace] = "/tmp",
        [RunnerEnvironment.Attempt] = "2",
        ["PATH"] = "/bin",
    };

    [Test]
    public void Environment_Complete_IsRead()
    {
        var options = RunnerOptions.Read(Complete.GetValueOrDefault);

        Assert.Multiple(() =>
        {
            Assert.That(options.GatewayUrl, Is.EqualTo(new Uri("https://gateway:8443/")));
            Assert.That(options.Grace, Is.EqualTo(TimeSpan.FromSeconds(30)));
            Assert.That(options.CommandEnvironment, Is.EquivalentTo(new Dictionary<string, string>
            {
                ["PATH"] = "/bin", [RunnerEnvironment.Attempt] = "2", [RunnerEnvironment.Workspace] = "/tmp",
            }));
        });
    }

    [Test]
    public void CommandEnvironment_VariablesOfThePodTemplate_ArePassedOnAndNoOthers()
    {
        var environment = new Dictionary<string, string>(Complete)
        {
            [RunnerEnvironment.CommandVariables] = "INDEX_URL,ABSENT", ["INDEX_URL"] = "https://index", ["OTHER"] = "x",
        };

        var commands = RunnerOptions.Read(environment.GetValueOrDefault).CommandEnvironment;

        Assert.That(commands["INDEX_URL"], Is.EqualTo("https://index"));
        Assert.That(commands, Does.Not.ContainKey("OTHER").And.Not.ContainKey("ABSENT"));
    }

    [TestCase(RunnerEnvironment.GatewayUrl, null)]
    [TestCase(RunnerEnvironment.GatewayUrl, "gateway")]
    [TestCase(RunnerEnvironment.TokenFile, "")]
    [TestCase(RunnerEnvironment.Workspace, "/no/such/folder")]
    [TestCase(RunnerEnvironment.GraceSeconds, "soon")]
    [TestCase(RunnerEnvironment.LogFormat, "xml")]
    public void Environment_Wrong_NamesTheVariable(string name, string? value)
    {
        var environment = new Dictionary<string, string>(Complete);
        environment.Remove(name);
        if (value is not null)
        {
            environment[name] = value;
        }

        var exit = Assert.Throws<RunnerException>(() => RunnerOptions.Read(environment.GetValueOrDefault))!.Exit;
        Assert.That(exit.Code, Is.EqualTo(RunnerExitCodes.InvalidSpec));
        Assert.That(exit.Message, Does.Contain(name));
    }
}
