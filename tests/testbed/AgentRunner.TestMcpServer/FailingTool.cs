using ModelContextProtocol.Protocol;

namespace AgentRunner.TestMcpServer;

/// <summary>Fails as tools of MCP do: with a result.</summary>
internal sealed class FailingTool() : RawTool("fail", "Always fails.", """{"type":"object"}""")
{
    protected override CallToolResult Call(CallToolRequestParams call) => Text("no such record", isError: true);
}
