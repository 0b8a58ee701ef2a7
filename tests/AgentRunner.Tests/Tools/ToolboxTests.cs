using System.Text.Json;
using AgentOperator.Protocol;
using AgentRunner.Tools;
using AgentTools;

namespace AgentRunner.Tests.Tools;

internal sealed class ToolboxTests
{
    [Test]
    public void Plugins_OfBuiltInsAndServers_AreOneEach()
    {
        var toolbox = Of(("shell", null), ("a-b_get", "a-b"), ("files", null), ("a_b_get", "a_b"), ("a-b_put", "a-b"), ("ledger_x", "läger 1"));

        Assert.That(
            toolbox.Plugins.Select(plugin => $"{plugin.Name}: {string.Join(' ', plugin.Select(function => function.Name))}"),
            Is.EqualTo(new[] { "built_in: shell files", "mcp1_a_b: a-b_get a-b_put", "mcp2_a_b: a_b_get", "mcp3_l_ger_1: ledger_x" }));
    }

    [Test]
    public void Function_OfAnAdvertisedTool_IsTheOneInItsPlugin()
    {
        var toolbox = Of(("shell", null), ("s_get", "s"));

        Assert.That(toolbox.Function("s_get"), Is.SameAs(toolbox.Plugins[1]["s_get"]));
        Assert.That(toolbox.Function("s_get")!.PluginName, Is.EqualTo("mcp1_s"));
        Assert.That(toolbox.Function("s_put"), Is.Null);
    }

    [Test]
    public void Names_ThatDifferInCase_AreTwoTools()
    {
        var toolbox = Of(("s_get", "s"), ("s_Get", "s"));

        Assert.That(toolbox.Function("s_get"), Is.Not.SameAs(toolbox.Function("s_Get")).And.Not.Null);
        Assert.That(toolbox.Plugins.Single().FunctionCount, Is.EqualTo(2));
    }

    private static Toolbox Of(params (string Name, string? Server)[] tools) =>
        new([.. tools.Select(tool => AdvertisedTool.Of(new Tool(tool.Name), ToolEffect.Pure, tool.Server))], []);

    private sealed class Tool(string name) : ITool
    {
        public string Name => name;

        public string Description => "";

        public JsonElement Schema { get; } = JsonElement.Parse("{}");

        public Task<ToolOutcome> RunAsync(ToolInvocation invocation, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
