using System.Text;

namespace AgentOperator.Tests.Gateway.Answers;

/// <summary>Bodies that a provider might send: the fields of a chat completion with values of any shape; the same for the same seed.</summary>
internal sealed class OddAnswer(Random random)
{
    private static readonly string[] Names =
    [
        "choices", "message", "content", "tool_calls", "function", "name", "arguments", "id", "type", "text", "usage", "prompt_tokens",
        "completion_tokens", "cached_tokens", "prompt_tokens_details", "finish_reason", "reasoning_content", "reasoning", "refusal", "function_call",
        "model", "role", "extra_content", "reasoning_details", "\\ud83c", "é", "",
    ];

    private static readonly string[] Scalars =
    [
        "null", "true", "0", "-1", "1e400", "\"12\"", "9223372036854775808", "\"\"", "\" \"", "\"stop\"", "\"tool_calls\"", "\"error\"", "\"text\"",
        "\"hi\"",
        "\"\\ud83c\"", "\"\\u0000\"", "\"é🎉\"", "NaN", "-Infinity", "\"<think>x\"", "\"<tool_call>{}</tool_call>\"",
        "\"<tool_call>{\\\"name\\\":\\\"f\\\",\\\"arguments\\\":{\\\"a\\\":[]}}</tool_call>\"", "\"{\\\"name\\\":\\\"f\\\",\\\"arguments\\\":{}}\"", "\"f\"", "\"```\"",
    ];

    /// <summary>The next body.</summary>
    public byte[] Next()
    {
        var choices = string.Join(",", Enumerable.Range(0, random.Next(1, 3)).Select(_ => Choice()));
        var body = Encoding.UTF8.GetBytes($$"""{"choices":[{{choices}}],"usage":{{Value(3)}},{{Field(3)}}}""");
        if (random.Next(8) == 0)
        {
            body[random.Next(body.Length)] = (byte)random.Next(256);
        }

        return random.Next(20) == 0 ? body[..random.Next(body.Length)] : body;
    }

    private string Choice() => $$"""{"message":{{Message()}},"finish_reason":{{Scalar()}},{{Field(2)}}}""";

    private string Message() => random.Next(12) == 0
        ? Value(2)
        : $$$"""{"content":{{{Value(3)}}},"tool_calls":{{{(random.Next(2) == 0 ? Value(3) : $"[{Call()},{Call()}]")}}},{{{Field(4)}}},{{{Field(2)}}}}""";

    private string Call() => $$$"""{"id":{{{Scalar()}}},"function":{"name":{{{Scalar()}}},"arguments":{{{Value(2)}}},{{{Field(2)}}}},{{{Field(3)}}}}""";

    private string Field(int depth) => $"\"{Names[random.Next(Names.Length)]}\":{Value(depth)}";

    private string Value(int depth) => random.Next(depth > 0 ? 5 : 2) switch
    {
        2 => $"[{string.Join(",", Enumerable.Range(0, random.Next(3)).Select(_ => Value(depth - 1)))}]",
        3 => $"{{{string.Join(",", Enumerable.Range(0, random.Next(4)).Select(_ => Field(depth - 1)))}}}",
        4 when random.Next(20) == 0 => Nested(random.Next(2, 1200)),
        _ => Scalar(),
    };

    private string Nested(int depth) =>
        string.Concat(Enumerable.Repeat("{\"a\":[", depth / 2)) + Scalar() + string.Concat(Enumerable.Repeat("]}", depth / 2));

    private string Scalar() => Scalars[random.Next(Scalars.Length)];
}
