using System.Diagnostics;

namespace AgentOperator.Api.Tests.Schema;

public sealed class CliTests
{
    [Test]
    public async Task Check_FilesAreMissing_ExitsWithOneAndNamesThem()
    {
        using var folder = new TemporaryFolder();

        var (code, error) = await RunAsync("--check", folder.Path);

        Assert.Multiple(() =>
        {
            Assert.That(code, Is.EqualTo(1));
            Assert.That(error, Does.Contain("crds/agentoperator.dev_agentruns.yaml"));
        });
    }

    [Test]
    public async Task Check_AfterWriting_ExitsWithZero()
    {
        using var folder = new TemporaryFolder();

        Assert.Multiple(async () =>
        {
            Assert.That((await RunAsync(folder.Path)).Code, Is.Zero);
            Assert.That((await RunAsync("--check", folder.Path)).Code, Is.Zero);
        });
    }

    [TestCase("--unknown")]
    [TestCase("/nowhere/at/all")]
    public async Task UnusableArgument_ExitsWithTwo(string argument) => Assert.That((await RunAsync(argument)).Code, Is.EqualTo(2));

    private static async Task<(int Code, string Error)> RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardError = true, RedirectStandardOutput = true };
        start.ArgumentList.Add(typeof(CrdGenerator.CrdFiles).Assembly.Location);
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = await process.StandardError.ReadToEndAsync();
        await output;
        await process.WaitForExitAsync();
        return (process.ExitCode, error);
    }
}
