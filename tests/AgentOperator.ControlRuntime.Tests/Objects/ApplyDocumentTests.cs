using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace AgentOperator.ControlRuntime.Tests.Objects;

/// <summary>What the real server makes of such documents is in the integration tests.</summary>
internal sealed partial class ApplyDocumentTests
{
    [TestCase("""{"a":"🎉","b":["ä",1,-1.5e3,true,false,null,{},[]],"c":{}}""")]
    [TestCase("""{"a":"\"quoted\" \\ back\\u0041slash \n\t"}""")]
    [TestCase("""{"ключ 🎉":"value"}""")]
    public void Write_Document_IsTheSameJson(string json)
    {
        var written = ApplyDocument.Write(JsonSerializer.Deserialize<JsonElement>(json));

        Assert.That(JsonNode.DeepEquals(JsonNode.Parse(written), JsonNode.Parse(json)), Is.True, written);
    }

    [Test]
    public void Write_AnyText_HasNothingThatYamlRefusesAndReadsTheSame()
    {
        for (var seed = 1; seed <= 2000; seed++)
        {
            var text = AnyText.Of(seed);

            var written = ApplyDocument.Write(ApplyDocument.Parse(new Dictionary<string, string> { ["text"] = text }, null));

            Assert.That(SurrogateEscape().Matches(written), Is.Empty, $"seed {seed}: half a surrogate pair as an escape");
            var refused = written.EnumerateRunes().Where(rune => !IsYamlPrintable(rune.Value));
            Assert.That(refused, Is.Empty, $"seed {seed}: what YAML takes as an escape only");
            Assert.That((string?)JsonNode.Parse(written)!["text"], Is.EqualTo(WithoutHalves(text)), $"seed {seed}");
        }
    }

    private static string WithoutHalves(string text) => string.Concat(text.EnumerateRunes());

    /// <summary>Within a quoted text: the c-printable of YAML 1.1 without its line breaks and its mark of the encoding.</summary>
    private static bool IsYamlPrintable(int scalar) =>
        scalar is (>= 0x20 and <= 0x7E or >= 0xA0 and <= 0xD7FF or >= 0xE000 and <= 0xFFFD or >= 0x10000)
        && scalar is not (0x2028 or 0x2029 or 0xFEFF);

    [GeneratedRegex(@"(?<!\\)(\\\\)*\\u[dD][89a-fA-F]", RegexOptions.CultureInvariant)]
    private static partial Regex SurrogateEscape();
}
