using AgentRunner.Conversations;
using AgentRunner.Tools.Mcp;

namespace AgentRunner.Tests.Tools;

internal sealed class McpNamesTests
{
    [TestCase("github", "search", "github_search")]
    [TestCase("github", "repos.list/all", "github_repos_list_all")]
    [TestCase("wetter", "\u00fcbersicht", "wetter__bersicht")]
    public void Advertise_AnyName_IsOneThatProvidersTake(string server, string tool, string expected) =>
        Assert.That(McpNames.Advertise(server, tool, _ => false), Is.EqualTo(expected));

    [Test]
    public void Advertise_NamesThatFallTogether_StayDifferent()
    {
        var first = McpNames.Advertise("s", "a.b", _ => false);
        var second = McpNames.Advertise("s", "a/b", name => name == first);

        Assert.That(second, Does.Match("^s_a_b_[0-9a-f]{8}$"));
    }

    [Test]
    public void Advertise_ALongName_IsShortenedAndStaysItsOwn()
    {
        var first = McpNames.Advertise("s", new string('x', 100) + "1", _ => false);
        var second = McpNames.Advertise("s", new string('x', 100) + "2", _ => false);

        Assert.That(first, Has.Length.EqualTo(ToolNames.MaxLength));
        Assert.That(second, Is.Not.EqualTo(first));
    }
}
