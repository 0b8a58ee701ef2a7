using ModelContextProtocol.Protocol;

namespace AgentRunner.TestMcpServer;

/// <summary>A tool that the spec of the test does not allow.</summary>
internal sealed class HiddenTool() : RawTool("hidden", "Not to be advertised.", """{"type":"object"}""")
{
    protected override CallToolResult Call(CallToolRequestParams call) => Text("called");
}
