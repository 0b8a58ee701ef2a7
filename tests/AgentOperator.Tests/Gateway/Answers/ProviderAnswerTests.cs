using System.Text;
using System.Text.Json;
using AgentOperator.Gateway.Models;
using AgentOperator.Gateway.Models.Answers;
using AgentOperator.Protocol;

namespace AgentOperator.Tests.Gateway.Answers;

[TestFixture]
internal sealed class ProviderAnswerTests
{
    [TestCase("", "stop")]
    [TestCase("eos", "stop")]
    [TestCase("STOP", "stop")]
    [TestCase("end_turn", "stop")]
    [TestCase("tool_calls", "tool_calls")]
    [TestCase("tool-calls", "tool_calls")]
    [TestCase("function_call", "tool_calls")]
    [TestCase("MAX_TOKENS", "length")]
    [TestCase("length", "length")]
    [TestCase("SAFETY", "content_filter")]
    [TestCase("content_filter", "content_filter")]
    [TestCase("content_filter: RECITATION", "content_filter")]
    [TestCase("IMAGE_PROHIBITED_CONTENT", "content_filter")]
    [TestCase("error", "error")]
    [TestCase("insufficient_system_resource", "insufficient_system_resource")]
    [TestCase("<b>some thing</b>", "_b_some_thing__b_")]
    public void Parse_AnyFinishReason_IsMadeRegular(string given, string expected) =>
        Assert.That(Parse($$$"""{"choices":[{"finish_reason":"{{{given}}}","message":{"content":"hi"}}]}""").FinishReason, Is.EqualTo(expected));

    [TestCase("stop", "tool_calls")]
    [TestCase("whatever", "tool_calls")]
    [TestCase("length", "length")]
    [TestCase("content_filter", "content_filter")]
    [TestCase("MALFORMED_FUNCTION_CALL", "malformed_function_call")]
    public void Parse_CallsWithAnyFinishReason_AreCallsUnlessTheyMayBeCut(string given, string expected) => Assert.That(
        Parse($$$"""{"choices":[{"finish_reason":"{{{given}}}","message":{"tool_calls":[{"function":{"name":"f"}}]}}]}""").FinishReason,
        Is.EqualTo(expected));

    [TestCase("\"{\\\"a\\\": 1}\"", "{\"a\": 1}")]
    [TestCase("{\"a\": 1}", "{\"a\": 1}")]
    [TestCase("\"\"", "{}")]
    [TestCase("null", "{}")]
    public void Parse_ArgumentsOfAnyShape_KeepTheirText(string given, string expected) =>
        Assert.That(
            Parse(WithCalls($$$"""{"id":"a","function":{"name":"f","arguments":{{{given}}}}}""")).ToolCalls[0].Arguments, Is.EqualTo(expected));

    [Test]
    public void Parse_CallsWithoutOrWithRepeatedIds_GetTheirOwn()
    {
        var answer = Parse(WithCalls(
            """{"function":{"name":"f"}},{"id":"call_1","function":{"name":"g"}},{"id":"x","function":{"name":"h"}},{"id":"x","function":{"name":"i"}}"""));
        Assert.That(answer.ToolCalls.Select(call => call.Id), Is.Unique);
        Assert.That(answer.ToolCalls.Select(call => call.Name), Is.EqualTo(new[] { "f", "g", "h", "i" }));
    }

    [TestCase("""{"id":"a","function":{"arguments":"{}"}}""")]
    [TestCase("""{"id":"a","function":{"name":"","arguments":"{}"}}""")]
    [TestCase("""{"id":"a","function":{"name":null,"arguments":"{}"}}""")]
    [TestCase("""{"id":"a"}""")]
    public void Parse_CallWithoutAName_IsACallOfNoTool(string call) =>
        Assert.That(Parse(WithCalls(call)).ToolCalls.Single(), Is.EqualTo(new ToolCall("a", "", "{}")));

    [TestCase("""[{"message":{"content":"a thought"}},{"message":{"content":null,"tool_calls":[{"function":{"name":"f","arguments":"{}"}}]}}]""")]
    [TestCase("""[{"message":{"content":"a thought","function_call":{"name":"f","arguments":"{}"}},"finish_reason":"function_call"}]""")]
    [TestCase("""[{"message":{"content":"a thought","tool_calls":{"name":"f","arguments":{}}}}]""")]
    [TestCase("""[{"message":{"content":"a thought\n<tool_call>\n{\"name\":\"f\",\"arguments\":{}}\n</tool_call>"}}]""")]
    public void Parse_CallsInAnotherPlace_AreUnderstood(string choices)
    {
        var answer = Parse($$"""{"choices":{{choices}}}""");

        Assert.That(answer.ToolCalls.Single(), Is.EqualTo(new ToolCall("call_1", "f", "{}")));
        Assert.That((answer.Text, answer.FinishReason), Is.EqualTo(("a thought", "tool_calls")));
    }

    [TestCase("""["a"," b"]""", "a b")]
    [TestCase("""[{"type":"text","text":"a"},{"type":"text","text":" b"}]""", "a b")]
    [TestCase("""[{"type":"thinking","thinking":"hm"},{"type":"output_text","text":"a b"}]""", "a b")]
    [TestCase("""{"type":"text","text":{"value":"a b"}}""", "a b")]
    [TestCase("42", "42")]
    [TestCase("[]", null)]
    [TestCase("""[{"type":"image_url","image_url":{}}]""", null)]
    [TestCase("null", null)]
    public void Parse_ContentInParts_IsJoined(string content, string? expected) =>
        Assert.That(Parse($$$"""{"choices":[{"message":{"content":{{{content}}}}}]}""").Text, Is.EqualTo(expected));

    [Test]
    public void Parse_TextInAnotherChoice_IsTheAnswer() => Assert.That(
        Parse("""{"choices":[{"message":{"content":""}},{"message":{"content":"here"}}]}""").Text, Is.EqualTo("here"));

    [Test]
    public void Parse_WhatTheProviderAdds_IsKept()
    {
        var answer = Parse("""
            {"choices":[{"message":{"role":"assistant","content":[{"type":"thinking","signature":"s=="},{"type":"text","text":"hi"}],
            "reasoning":"r","reasoning_details":[{"data":"\u00e9/+=","n":1.50}],"refusal":null,"annotations":[],
            "tool_calls":[{"index":0,"id":"a","type":"function","function":{"name":"f","arguments":"{}","x":1},"extra_content":{"google":{"thought_signature":"t"}}}]}}]}
            """);

        Assert.That(
            answer.Extra?.GetRawText(),
            Is.EqualTo(
                """{"content":[{"type":"thinking","signature":"s=="},{"type":"text","text":"hi"}],"reasoning":"r","reasoning_details":[{"data":"\u00E9/\u002B=","n":1.50}]}"""));
        Assert.That(
            answer.ToolCalls[0].Extra?.GetRawText(), Is.EqualTo("""{"index":0,"extra_content":{"google":{"thought_signature":"t"}},"function":{"x":1}}"""));
    }

    [TestCase("""{"role":"assistant","content":"x","refusal":null,"audio":null,"tool_calls":[],"reasoning_content":"r","reasoning":"","annotations":[{"a":1}]}""")]
    [TestCase("""{"content":[{"type":"text","text":"x","annotations":[]}],"function_call":{}}""")]
    public void Parse_WhatIsKnownOrEmpty_IsNoAddition(string message) =>
        Assert.That(Parse($$"""{"choices":[{"message":{{message}}}]}""").Extra, Is.Null);

    [Test]
    public void Parse_HalfASurrogatePair_IsReplaced()
    {
        var answer = Parse("""
            {"choices":[{"message":{"content":"a\ud83cb \ud83c\udf89","tool_calls":[{"id":"\udf89","function":{"name":"f\ud83c","arguments":"{\"a\":\"\ud83c\"}"}}]}}]}
            """);
        Assert.Multiple(() =>
        {
            Assert.That(answer.Text, Is.EqualTo("a\ufffdb 🎉"));
            Assert.That(answer.ToolCalls.Single(), Is.EqualTo(new ToolCall("\ufffd", "f\ufffd", "{\"a\":\"\ufffd\"}")));
        });
    }

    [TestCase("\uFEFF", "", "")]
    [TestCase("", ",", "")]
    [TestCase("", "", ",\"logprobs\":[NaN,-Infinity,Infinity,\"NaN\"]")]
    public void Parse_JsonThatStrictReadersRefuse_IsRead(string before, string comma, string field) =>
        Assert.That(Parse($$$"""{{{before}}}{"choices":[{"message":{"content":"NaN \"\\"}}{{{comma}}}]{{{field}}}}""").Text, Is.EqualTo("NaN \"\\"));

    [Test]
    public void Parse_DeepNesting_IsReadAndNotKept()
    {
        var deep = new string('[', 900) + new string(']', 900);

        var answer = Parse($$$"""{"choices":[{"message":{"content":"x","deep":{{{deep}}}}}],"also":{{{deep}}}}""");

        Assert.That((answer.Text, answer.Extra), Is.EqualTo(("x", (JsonElement?)null)));
    }

    [TestCase("""{"prompt_tokens":5,"completion_tokens":6,"prompt_tokens_details":{"cached_tokens":4}}""", 5, 6, 4)]
    [TestCase("""{"prompt_tokens":"5","completion_tokens":"6.0","prompt_tokens_details":{"cached_tokens":"4"}}""", 5, 6, 4)]
    [TestCase("""{"input_tokens":5,"output_tokens":6}""", 5, 6, 0)]
    [TestCase("""{"prompt_tokens":5,"prompt_tokens_details":{"cached_tokens":400}}""", 5, 0, 5)]
    [TestCase("""{"prompt_tokens":9,"completion_tokens":17,"total_tokens":1204}""", 9, 1195, 0)]
    [TestCase("""{"prompt_tokens":9,"completion_tokens":17,"total_tokens":20}""", 9, 17, 0)]
    [TestCase("""{"prompt_tokens":9,"completion_tokens":17,"total_tokens":1e300}""", 9, 17, 0)]
    [TestCase("""{"prompt_tokens":1e300,"completion_tokens":6}""", 0, 0, 0)]
    [TestCase("""{"prompt_tokens":9223372036854775807,"completion_tokens":6}""", 0, 0, 0)]
    [TestCase("""{"prompt_tokens":-5,"completion_tokens":6}""", 0, 0, 0)]
    [TestCase("""{"prompt_tokens":[],"completion_tokens":"many"}""", 0, 0, 0)]
    [TestCase("\"none\"", 0, 0, 0)]
    public void Parse_AnyUsage_IsACountOrNone(string usage, long prompt, long completion, long cached) => Assert.That(
        Parse($$$"""{"choices":[{"message":{"content":"x"}}],"usage":{{{usage}}}}""").Usage, Is.EqualTo(new TokenUsage(prompt, completion, cached)));

    [TestCase("")]
    [TestCase("null")]
    [TestCase("[]")]
    [TestCase("""{"choices":[]}""")]
    [TestCase("""{"choices":[{"message":"text"}]}""")]
    [TestCase("""{"choices":[{"message":{"content":"cut sho""")]
    public void Parse_WhatIsNoAnswer_IsMalformed(string body) =>
        Assert.That(() => Parse(body), Throws.InstanceOf<MalformedAnswerException>());

    private static string WithCalls(string calls) => $$$"""{"choices":[{"finish_reason":"stop","message":{"tool_calls":[{{{calls}}}]}}]}""";

    private static ModelAnswerPayload Parse(string body) => ProviderAnswer.Parse(
        Encoding.UTF8.GetBytes(body), "asked", """{"model":"m","tools":[{"type":"function","function":{"name":"f"}}]}"""u8.ToArray());
}
