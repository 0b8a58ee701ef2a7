using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using AgentOperator.ModelServer.Tests.Support;

namespace AgentOperator.ModelServer.Tests;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class ProcessTests : IDisposable
{
    private readonly CancellationTokenSource _deadline = new(TimeSpan.FromSeconds(60));

    public void Dispose() => _deadline.Dispose();

    [Test]
    public async Task Help_PrintsTheOptions()
    {
        using var process = new ModelServerProcess(["--help"]);

        var output = await process.Output.ReadToEndAsync(_deadline.Token);
        await process.WaitForExitAsync(_deadline.Token);

        Assert.That(process.ExitCode, Is.Zero);
        Assert.That(output, Does.Contain("--scenarios DIR").And.Contain("MODEL_API_KEY"));
    }

    [Test]
    public async Task WrongOption_Exits64AndSaysWhy()
    {
        using var process = new ModelServerProcess(["--bogus"]);

        var error = await process.Error.ReadToEndAsync(_deadline.Token);
        await process.WaitForExitAsync(_deadline.Token);

        Assert.That(process.ExitCode, Is.EqualTo(64));
        Assert.That(error, Does.Contain("--bogus is not known"));
    }

    [Test]
    public async Task Sigterm_CallWaits_ExitsWithZeroAndLogsJsonWithoutKeyAndPrompt()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder.File("slow.yaml"), "steps: [{text: the answer, delayMs: 3600000}]");
        using var process = new ModelServerProcess(["--urls", "http://127.0.0.1:0", "--scenarios", folder.Path], ("MODEL_API_KEY", "sk-secret"));
        var output = new StringBuilder();
        using var client = new HttpClient { BaseAddress = await ReadAddressAsync(process, output) };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "sk-secret");
        var call = client.PostAsync("v1/chat/completions", new ChatRequestBuilder("slow").Task("a private prompt").Content(), _deadline.Token);
        while ((int?)JsonNode.Parse(await client.GetStringAsync("log/summary", _deadline.Token))!["inFlight"] == 0)
            await Task.Yield();

        using var kill = Process.Start("kill", ["-TERM", $"{process.Id}"]);
        await process.WaitForExitAsync(_deadline.Token);
        output.Append(await process.Output.ReadToEndAsync(_deadline.Token));

        Assert.That(process.ExitCode, Is.Zero);
        Assert.That(async () => await call, Throws.InstanceOf<HttpRequestException>());
        var lines = output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.That(
            lines.Select(line => JsonNode.Parse(line)!["Message"]), Has.Some.Matches<JsonNode>(message => ((string)message!).Contains("Dropped")));
        Assert.That(output.ToString(), Does.Not.Contain("sk-secret").And.Not.Contain("private").And.Not.Contain("the answer"));
    }

    private async Task<Uri> ReadAddressAsync(ModelServerProcess process, StringBuilder output)
    {
        const string listening = "Now listening on: ";
        while (await process.Output.ReadLineAsync(_deadline.Token) is { } line)
        {
            output.AppendLine(line);
            var message = (string)JsonNode.Parse(line)!["Message"]!;
            if (message.StartsWith(listening, StringComparison.Ordinal))
                return new Uri(message[listening.Length..]);
        }

        throw new AssertionException("The server did not start: " + await process.Error.ReadToEndAsync(_deadline.Token));
    }
}
