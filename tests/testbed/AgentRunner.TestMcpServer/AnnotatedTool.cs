using ModelContextProtocol.Protocol;

namespace AgentRunner.TestMcpServer;

/// <summary>Answers with all that content may carry beside its text.</summary>
internal sealed class AnnotatedTool() : RawTool("annotated", "Answers with annotations and icons.", """{"type":"object"}""")
{
    private static readonly Annotations Annotations = new()
    {
        Audience = [Role.User, Role.Assistant], Priority = 0.5f, LastModified = new DateTimeOffset(2026, 11, 1, 0, 0, 0, TimeSpan.Zero),
    };

    protected override CallToolResult Call(CallToolRequestParams call) => new()
    {
        Content =
        [
            new TextContentBlock { Text = "noted", Annotations = Annotations },
            new ResourceLinkBlock
            {
                Uri = "https://example.com/report", Name = "report", Annotations = Annotations,
                Icons = [new Icon { Source = "https://example.com/icon.png", Sizes = ["48x48"] }],
            },
        ],
    };
}
