using AgentOperator.Protocol;
using AgentOperator.Testing;
using AgentRunner.Gateway;
using AgentRunner.Tools.Mcp;
using AgentTools;

namespace AgentRunner.Tests.Docs;

/// <summary>What docs/protocol.md tells the author of another runner is what this one does.</summary>
internal sealed class ProtocolDocsTests
{
    private static readonly string Text = Repository.Read("docs/protocol.md");

    [Test]
    public void Tools_TableHasTheArgumentsOfEachBuiltInTool()
    {
        var shell = new ShellTool("/", new Dictionary<string, string>(), RunnerEnvironment.IdempotencyKey, memory: null);
        foreach (ITool tool in (ITool[])[shell, new FilesTool("/")])
        {
            var words = MarkdownTable.Rows(Text, "| tool | arguments |").Single(row => row[0] == tool.Name)[1].Split('`');
            var arguments = words.Where((_, index) => index % 2 == 1);
            foreach (var argument in tool.Schema.GetProperty("properties").EnumerateObject())
            {
                Assert.That(arguments, Does.Contain(argument.Name));
                var values = argument.Value.TryGetProperty("enum", out var all) ? all.EnumerateArray().Select(value => value.GetString()) : [];
                Assert.That(values, Is.SubsetOf(arguments), argument.Name);
            }
        }
    }

    [Test]
    public void Tools_TableSaysWhereAKeyedToolFindsItsKey()
    {
        var places = MarkdownTable.Rows(Text, "| tool | where |");

        Assert.That(places.Single(row => row[0] == "shell")[1], Does.Contain($"`{RunnerEnvironment.IdempotencyKey}`"));
        Assert.That(places.Single(row => row[0] == "an MCP tool")[1], Does.Contain($"_meta[\"{McpTool.IdempotencyKeyMeta}\"]"));
    }

    [Test]
    public void Tools_TableHasEveryEffect()
    {
        const string header = "| effect | `ToolIntent` before the start | in flight at a crash | the result never came or cannot be read |";

        Assert.That(MarkdownTable.Rows(Text, header).Select(row => row[0]), Is.EquivalentTo(Enum.GetNames<ToolEffect>()));
    }

    [TestCaseSource(nameof(Errors))]
    public void Errors_TableSaysWhatIsSentAgain(int status, string code, string again) => Assert.That(
        new GatewayException(new ProtocolError { Status = status, Code = code, Detail = "" }).IsTransient, Is.EqualTo(again != "no"));

    [Test]
    public void Errors_TextHasThePatience() => Assert.Multiple(() =>
    {
        Assert.That(Text, Does.Contain($"within {GatewayRetry.ModelPatience.TotalSeconds} seconds of the first failure"));
        Assert.That((Text.Contains("Give up two minutes after the first failure", StringComparison.Ordinal), GatewayRetry.DefaultPatience),
            Is.EqualTo((true, TimeSpan.FromMinutes(2))));
    });

    private static IEnumerable<TestCaseData> Errors() => MarkdownTable.Rows(Text, "| status | code | send again? | what to do |")
        .Select(row => new TestCaseData(int.Parse(row[0], System.Globalization.CultureInfo.InvariantCulture), row[1], row[2]));
}
