using AgentOperator.Protocol;
using AgentOperator.Testing;
using AgentRunner.Exits;
using AgentRunner.Gateway;
using AgentRunner.Tools.Mcp;
using Microsoft.Extensions.Logging.Abstractions;

namespace AgentRunner.Tests.Tools;

/// <summary>Whatever a run names as the URL of an MCP server: it is refused with a sentence, or the server can be asked.</summary>
internal sealed class AnyUrlTests
{
    private const int Seeds = 3_000;

    [Test]
    public async Task Get_AnyUrl_IsRefusedAsTheSpecsFaultOrFailsAtTheNetwork()
    {
        using var roots = new EmptyRoots();
        await using var servers = new McpServers(
            roots.Roots, 1024, new GatewayRetry(TimeSpan.Zero, TimeProvider.System, NullLogger<GatewayRetry>.Instance, () => 0));
        var (taken, refused) = (0, 0);
        for (var seed = 0; seed < Seeds; seed++)
        {
            var text = AnyUrl.Of(seed);
            try
            {
                servers.Get(new ToolDefinition { Name = $"s{seed}", Effect = ToolEffect.Pure, McpUrl = text });
                taken++;
            }
            catch (RunnerException exception)
            {
                refused++;
                Assert.That(exception.Exit.Reason, Is.EqualTo(TerminationReasons.InvalidSpec), $"seed {seed}");
                Assert.That(exception.Message, Does.StartWith($"The URL of the MCP server 's{seed}' cannot be used: "), $"seed {seed}");
                Assert.That(exception.Message, Does.Not.Contain("hidden").And.Length.LessThan(200), $"seed {seed}");
                continue;
            }

            if (taken % 4 == 0)
            {
                await AssertFailsAtTheNetworkAsync(text, seed);
            }
        }

        Assert.That((taken, refused), Is.GreaterThan((Seeds / 20, Seeds / 2)));
    }

    private static async Task AssertFailsAtTheNetworkAsync(string text, int seed)
    {
        using var network = new SocketsHttpHandler { UseProxy = false, ConnectCallback = (_, _) => throw new IOException("no network") };
        Assert.That(HttpUrl.TryParse(text, out var url, out _), $"seed {seed}");
        await using var server = new McpServer("s", url!, 1024, network);

        await Assert.ThatAsync(() => server.ConnectAsync(default), Throws.InstanceOf<HttpRequestException>(), $"seed {seed}: {text}");
    }

    /// <summary>Reading the system's certificates takes longer than everything else here.</summary>
    private sealed class EmptyRoots : IDisposable
    {
        private readonly string _file = Path.GetTempFileName();

        public SystemRoots Roots => new(_file, null);

        public void Dispose() => File.Delete(_file);
    }
}
