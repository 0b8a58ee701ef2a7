using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using AgentOperator.Protocol;

namespace AgentOperator.Tests.Text;

[TestFixture]
internal sealed class JsonTextTests
{
    [TestCase("""{"a":"plain"}""")]
    [TestCase("""{"a":"\ud83c\udf89 \u0000 \\ud83c \\\\ \" \n"}""")]
    [TestCase("""{"a":"\uZZZZ"}""", Description = "no JSON, and none of its business")]
    [TestCase("""{"a":"\""")]
    [TestCase("\\")]
    [TestCase("")]
    public void Repair_NothingToRepair_IsTheSameMemory(string json)
    {
        ReadOnlyMemory<byte> bytes = Encoding.UTF8.GetBytes(json);

        Assert.That(JsonText.Repair(bytes), Is.EqualTo(bytes));
    }

    [TestCase("\\ud83c\\u")]
    [TestCase("{\"a\":\"\\udf8")]
    [TestCase("{\"a\":\"\\ud83c\\")]
    public void Repair_CutShort_DoesNotThrow(string json) => Assert.That(() => JsonText.Repair(Encoding.UTF8.GetBytes(json)), Throws.Nothing);

    [TestCase("""{"a":"\ud83c"}""", "\uFFFD")]
    [TestCase("""{"a":"\udf89\ud83c!"}""", "\uFFFD\uFFFD!")]
    [TestCase("""{"a":"\\\ud83c"}""", "\\\uFFFD")]
    [TestCase("""{"a":"\uD83C\n"}""", "\uFFFD\n")]
    [TestCase("""{"a":"\ud83c\ud83c\udf89"}""", "\uFFFD🎉")]
    public void Repair_HalfASurrogatePair_IsReplaced(string json, string text) => Assert.That(Read(Encoding.UTF8.GetBytes(json)), Is.EqualTo(text));

    [Test]
    public void Repair_BytesThatAreNoUtf8_AreReplaced() =>
        Assert.That(Read([.. "{\"a\":\"x"u8, 0xC3, 0x28, 0xED, 0xA0, 0xBC, .. "\"}"u8]), Does.StartWith("x\uFFFD(\uFFFD"));

    [Test]
    public void Repair_AnyTextInAnyForm_IsReadable([Values] bool escaped)
    {
        for (var seed = 1; seed <= 2000; seed++)
        {
            var text = AnyText.Of(seed);

            Assert.That(Read(Encoding.UTF8.GetBytes(Write(text, escaped))), Is.EqualTo(string.Concat(text.EnumerateRunes())), $"seed {seed}");
        }
    }

    /// <summary>As servers in other languages write it: halves of pairs are escaped like anything else.</summary>
    private static string Write(string text, bool escaped)
    {
        var json = new StringBuilder("{\"a\":\"");
        for (var i = 0; i < text.Length; i++)
        {
            var pair = char.IsSurrogatePair(text, i);
            if (pair && !escaped)
            {
                json.Append(text, i++, 2);
            }
            else if (char.IsSurrogate(text[i]) || escaped)
            {
                json.Append(System.Globalization.CultureInfo.InvariantCulture, $"\\u{(int)text[i]:X4}");
            }
            else
            {
                json.Append(JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(text[i].ToString()));
            }
        }

        return json.Append("\"}").ToString();
    }

    private static string? Read(byte[] json) => JsonSerializer.Deserialize<Dictionary<string, string>>(JsonText.Repair(json).Span)!["a"];
}
