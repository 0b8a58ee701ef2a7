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

    [TestCase("""{"required":["a","b"]}""", """{"required":["b","a"]}""")]
    [TestCase("""{"type":["string","null"]}""", """{"type":["null","string"]}""")]
    [TestCase("""{"enum":["x",1,{"title":"t"}]}""", """{"enum":[{"title":"t"},1.0,"x"]}""")]
    [TestCase("""{"$schema":"http://json-schema.org/draft-07/schema#"}""", """{"$schema":"https://json-schema.org/draft/2020-12/schema"}""")]
    [TestCase("""{"type":"object","examples":[1]}""", """{"type":"object"}""")]
    public void AreSame_AServerWordsTheSameOtherwise_IsTrue(string one, string other) => Assert.That(AreSame(one, other), Is.True);

    [TestCase("""{"required":["a","b"]}""", """{"required":["a","a"]}""")]
    [TestCase("""{"enum":["a","b"]}""", """{"enum":["a","b","c"]}""")]
    [TestCase("""{"enum":["a"]}""", """{"enum":"a"}""")]
    [TestCase("""{"prefixItems":[{"type":"string"},{}]}""", """{"prefixItems":[{},{"type":"string"}]}""", Description = "their order counts")]
    [TestCase("""{"properties":{"examples":{"type":"string"}}}""", """{"properties":{"examples":{"type":"number"}}}""")]
    [TestCase("""{"properties":{"required":{"enum":[1]}}}""", """{"properties":{"required":{"enum":[2]}}}""")]
    public void AreSame_ValuesDiffer_IsFalse(string one, string other) => Assert.That(AreSame(one, other), Is.False);

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
