using System.Text.Json;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace AgentRunner.TestMcpServer;

/// <summary>A tool that sees its request as it came.</summary>
internal abstract class RawTool(string name, string description, string schema) : McpServerTool
{
    public override Tool ProtocolTool { get; } = new() { Name = name, Description = description, InputSchema = JsonElement.Parse(schema) };

    public override IReadOnlyList<object> Metadata => [];

    public override ValueTask<CallToolResult> InvokeAsync(
        RequestContext<CallToolRequestParams> request, CancellationToken cancellationToken = default) =>
        new(Call(request.Params!));

    protected abstract CallToolResult Call(CallToolRequestParams call);

    protected static CallToolResult Text(string text, bool isError = false) =>
        new() { Content = [new TextContentBlock { Text = text }], IsError = isError };
}
