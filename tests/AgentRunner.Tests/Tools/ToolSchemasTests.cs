using System.Text.Json;
using AgentRunner.Tools;

namespace AgentRunner.Tests.Tools;

internal sealed class ToolSchemasTests
{
    private const string Schema = """{"type":"object","properties":{"a":{"type":"string","description":"An a."},"title":{}},"required":["a"]}""";

    [TestCase("""{"required":["a"],"properties":{"title":{},"a":{"description":"An a.","type":"string"}},"type":"object"}""")]
    [TestCase("""{"type":"object","properties":{"a":{"type":"string","description":"Another text."},"title":{}},"required":["a"]}""")]
    [TestCase("""{"title":"T","type":"object","properties":{"a":{"type":"string"},"title":{"$comment":"c"}},"required":["a"],"description":"D"}""")]
    [TestCase("""{"type":"obj\u0065ct","properties":{"a":{"type":"string"},"title":{}},"required":["a"]}""")]
    public void AreSame_OnlyOrderOrTextsDiffer_IsTrue(string other) => Assert.That(AreSame(Schema, other), Is.True);

    [TestCase("{}")]
    [TestCase("true")]
    [TestCase("""{"type":"object","properties":{"a":{"type":"string"}},"required":["a"]}""")]
    [TestCase("""{"type":"object","properties":{"a":{"type":"string"},"title":{},"b":{}},"required":["a"]}""")]
    [TestCase("""{"type":"object","properties":{"a":{"type":"number"},"title":{}},"required":["a"]}""")]
    [TestCase("""{"type":"object","properties":{"a":{"type":"string"},"title":{}},"required":["a","title"]}""")]
    [TestCase("""{"type":"object","properties":{"a":{"type":"string"},"title":true},"required":["a"]}""")]
    public void AreSame_ArgumentsDiffer_IsFalse(string other) => Assert.That(AreSame(Schema, other), Is.False);

    [TestCase("const")]
    [TestCase("default")]
    public void AreSame_AValueDiffersInATextOfItsOwn_IsFalse(string keyword) =>
        Assert.That(AreSame($$$"""{"{{{keyword}}}":{"title":"x"}}""", $$$"""{"{{{keyword}}}":{"title":"y"}}"""), Is.False);

    [Test]
    public void AreSame_OneCannotBeRead_IsFalse()
    {
        var any = JsonElement.Parse("{}");
        Assert.That((ToolSchemas.AreSame(default, any), ToolSchemas.AreSame(any, default)), Is.EqualTo((false, false)));
    }

    private static bool AreSame(string left, string right) => ToolSchemas.AreSame(JsonElement.Parse(left), JsonElement.Parse(right));
}
