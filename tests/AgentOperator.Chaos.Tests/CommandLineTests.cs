namespace AgentOperator.Chaos.Tests;

internal sealed class CommandLineTests
{
    [Test]
    public async Task RunAsync_Simulate_EndsWithTheCountingLine()
    {
        using var output = new StringWriter();

        var exit = await new CommandLine(output, TextWriter.Null).RunAsync(["simulate", "--seeds", "2", "--first", "1"]);

        var last = output.ToString().TrimEnd().Split('\n')[^1];
        Assert.Multiple(() =>
        {
            Assert.That(exit, Is.Zero);
            Assert.That(last, Does.Match(@"^chaos: seeds=2 kills=\d+ runs=\d+ lost=0 repeated=0 duplicated=0 stuck=0 orphans=0$"));
        });
    }

    [Test]
    public async Task RunAsync_WrongArguments_SaysWhatIsWrongInOneLine()
    {
        using var errors = new StringWriter();

        var exit = await new CommandLine(TextWriter.Null, errors).RunAsync(["simulate", "--sed", "2"]);

        Assert.Multiple(() =>
        {
            Assert.That(exit, Is.EqualTo(64));
            Assert.That(errors.ToString().TrimEnd(), Is.EqualTo("chaos: there is no option '--sed' of simulate; chaos --help shows what there is"));
        });
    }

    [Test]
    public async Task RunAsync_Help_NamesEveryCommand()
    {
        using var output = new StringWriter();

        var exit = await new CommandLine(output, TextWriter.Null).RunAsync(["cluster", "--help"]);

        Assert.Multiple(() =>
        {
            Assert.That(exit, Is.Zero);
            Assert.That(output.ToString(), Does.Contain("chaos simulate").And.Contain("chaos cluster").And.Contain("chaos all"));
        });
    }
}
