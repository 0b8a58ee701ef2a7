namespace AgentOperator.Chaos.Tests;

internal sealed class CommandLineTests
{
    [Test]
    public void Run_Simulate_EndsWithTheCountingLine()
    {
        using var output = new StringWriter();

        var exit = new CommandLine(output, TextWriter.Null).Run(["simulate", "--seeds", "2", "--first", "1"]);

        var last = output.ToString().TrimEnd().Split('\n')[^1];
        Assert.Multiple(() =>
        {
            Assert.That(exit, Is.Zero);
            Assert.That(last, Does.Match(@"^chaos: seeds=2 kills=\d+ runs=\d+ lost=0 repeated=0 duplicated=0 stuck=0 orphans=0$"));
        });
    }

    [Test]
    public void Run_UnknownOption_SaysHowItIsUsed()
    {
        using var errors = new StringWriter();

        Assert.Multiple(() =>
        {
            Assert.That(new CommandLine(TextWriter.Null, errors).Run(["simulate", "--sed", "2"]), Is.EqualTo(64));
            Assert.That(errors.ToString(), Does.StartWith("usage: chaos simulate"));
        });
    }
}
