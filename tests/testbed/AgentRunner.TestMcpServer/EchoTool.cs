using ModelContextProtocol.Protocol;

namespace AgentRunner.TestMcpServer;

/// <summary>Says what arrived: each argument as JSON, and the idempotency key. Its name is one that model providers refuse.</summary>
internal sealed class EchoTool() : RawTool(
    "text.echo", "Says what it was given.", """{"type":"object","properties":{"value":{}},"required":["value"]}""")
{
    protected override CallToolResult Call(CallToolRequestParams call) =>
        Text($"value={call.Arguments?["value"].GetRawText()} key={call.Meta?["agentoperator.dev/idempotency-key"]}");
}
