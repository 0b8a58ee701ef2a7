using System.Security.Cryptography;
using System.Text;
using AgentTools;

namespace AgentRunner.Tests.Tools;

/// <summary>What the model is told of the built-in tools is part of every step key.</summary>
internal sealed class BuiltInToolsTests
{
    [Test]
    public void Definitions_AreWhatRunsInFlightWereStartedWith()
    {
        ITool[] tools = [new ShellTool("/", new Dictionary<string, string>(), "IDEMPOTENCY_KEY", null), new FilesTool("/")];
        var text = string.Join('\n', tools.Select(tool => $"{tool.Name}\n{tool.Description}\n{tool.Schema.GetRawText()}"));

        // A change here stops every run that is in flight during the upgrade with a divergence: make it a conscious one.
        Assert.That(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..16], Is.EqualTo("58a0b18e6c69c55d"));
    }
}
