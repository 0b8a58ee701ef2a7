using System.Diagnostics;

namespace AgentRunner.Tests.Fakes;

/// <summary>The MCP server of the tests, in a process of its own.</summary>
internal sealed class TestMcpServer : IAsyncDisposable
{
    private readonly Process _process;
    private bool _disposed;

    private TestMcpServer(Process process, Uri url)
    {
        _process = process;
        Url = url;
    }

    public Uri Url { get; }

    public static async Task<TestMcpServer> StartAsync()
    {
        // .../AgentRunner.Tests/bin/<configuration>/<framework>/
        var here = new DirectoryInfo(AppContext.BaseDirectory);
        var tests = here.Parent!.Parent!.Parent!.Parent!.FullName;
        const string Name = "AgentRunner.TestMcpServer";
        var library = Path.Combine(tests, "testbed", Name, "bin", here.Parent.Name, here.Name, $"{Name}.dll");
        var process = Process.Start(new ProcessStartInfo("dotnet", [library]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        var address = await process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The MCP server did not start.");
        return new TestMcpServer(process, new Uri($"{address}/mcp"));
    }

    public async ValueTask DisposeAsync()
    {
        if (!_disposed)
        {
            _disposed = true;
            _process.Kill();
            await _process.WaitForExitAsync();
            _process.Dispose();
        }
    }
}
