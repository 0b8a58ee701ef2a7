using AgentOperator.ModelServer.Tests.Support;

namespace AgentOperator.ModelServer.Tests;

internal sealed class CommandLineTests
{
    [Test]
    public void Parse_Nothing_HasDefaults()
    {
        var options = Parse([])!;

        Assert.That(options, Is.EqualTo(new ModelServerOptions { Urls = "http://0.0.0.0:8080" }));
    }

    [Test]
    public void Parse_AllOptions_WinOverTheEnvironment()
    {
        using var folder = new TemporaryFolder();
        var options = Parse(
            [
                "--urls",
                "http://127.0.0.1:1",
                "--scenarios",
                folder.Path,
                "--api-key",
                "k",
                "--log",
                "l",
                "--effects-log",
                "e",
                "--effects-url",
                "http://x/effects",
            ],
            ("MODEL_SCENARIOS", "/nowhere"), ("MODEL_API_KEY", "other"));

        Assert.That(options, Is.EqualTo(new ModelServerOptions
        {
            Urls = "http://127.0.0.1:1",
            ScenariosDirectory = folder.Path,
            ApiKey = "k",
            LogFile = "l",
            EffectsFile = "e",
            EffectsUrl = "http://x/effects",
        }));
    }

    [Test]
    public void Parse_Environment_GivesFolderAndKey()
    {
        using var folder = new TemporaryFolder();
        var options = Parse([], ("MODEL_SCENARIOS", folder.Path), ("MODEL_API_KEY", "k"))!;

        Assert.That((options.ScenariosDirectory, options.ApiKey), Is.EqualTo((folder.Path, "k")));
    }

    [Test]
    public void Parse_EmptyEnvironment_IsNone() => Assert.That(Parse([], ("MODEL_API_KEY", ""))!.ApiKey, Is.Null);

    [TestCase("--help")]
    [TestCase("-h")]
    public void Parse_Help_IsNull(string argument) => Assert.That(Parse([argument]), Is.Null);

    [TestCase("--bogus", "1", "--bogus is not known")]
    [TestCase("--urls", null, "--urls needs a value")]
    [TestCase("--log", "", "--log needs a value")]
    [TestCase("--effects-url", "ledger", "--effects-url needs an absolute http address")]
    [TestCase("--scenarios", "/nowhere", "does not exist: /nowhere")]
    public void Parse_WrongArguments_SayWhatIsWrong(string name, string? value, string part) =>
        Assert.That(() => Parse(value is null ? [name] : [name, value]), Throws.InstanceOf<CommandLineException>().With.Message.Contains(part));

    private static ModelServerOptions? Parse(string[] arguments, params (string Name, string Value)[] environment) =>
        CommandLine.Parse(arguments, name => environment.FirstOrDefault(variable => variable.Name == name).Value);
}
