using System.Text;
using System.Text.Json;
using AgentOperator.Gateway.Models.Answers;
using AgentOperator.Protocol;

namespace AgentOperator.Tests.Gateway.Streaming;

/// <summary>An answer is recorded the same, however a provider cuts its stream.</summary>
[TestFixture]
internal sealed class AnyStreamTests
{
    private static readonly byte[] Request = """{"model":"m","tools":[{"type":"function","function":{"name":"f"}}]}"""u8.ToArray();

    [Test]
    public async Task Stream_CutAnywhere_IsTheSameAsTheWholeAnswer([Range(0, 7)] int block)
    {
        for (var seed = block * 100; seed < (block + 1) * 100; seed++)
        {
            var stream = new RandomStream(seed);
            var whole = ProviderAnswer.Parse(Encoding.UTF8.GetBytes(stream.Whole), "m", Request);
            using var provider = new StreamingProvider(stream.Next());

            var streamed = await provider.AnswerAsync();

            Assert.That(
                JsonElement.DeepEquals(Json(streamed), Json(whole)), Is.True, $"seed {seed}: {Json(streamed)} instead of {Json(whole)}");
        }
    }

    private static JsonElement Json(ModelAnswerPayload answer) => JsonSerializer.SerializeToElement(answer, ProtocolJson.Default.ModelAnswerPayload);
}
