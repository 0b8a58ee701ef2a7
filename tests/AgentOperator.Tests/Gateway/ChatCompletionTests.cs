using System.Text;
using AgentOperator.Gateway.Models;
using AgentOperator.Protocol;

namespace AgentOperator.Tests.Gateway;

[TestFixture]
internal sealed class ChatCompletionTests
{
    [TestCase("", "stop")]
    [TestCase("eos", "stop")]
    [TestCase("tool_calls", "stop")]
    [TestCase("length", "length")]
    [TestCase("content_filter", "content_filter")]
    public void Parse_AnyFinishReason_IsMadeRegular(string given, string expected) =>
        Assert.That(Parse($$$"""{"choices":[{"finish_reason":"{{{given}}}","message":{"content":"hi"}}]}""").FinishReason, Is.EqualTo(expected));

    [Test]
    public void Parse_CallsWithFinishReasonStop_AreCalls() =>
        Assert.That(Parse(WithCalls("""{"id":"a","function":{"name":"f","arguments":"{}"}}""")).FinishReason, Is.EqualTo("tool_calls"));

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
    public void Parse_CallWithoutAName_IsACallOfNoTool(string call) =>
        Assert.That(Parse(WithCalls(call)).ToolCalls.Single(), Is.EqualTo(new ToolCall("a", "", "{}")));

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

    [TestCase("")]
    [TestCase("null")]
    [TestCase("[]")]
    [TestCase("""{"choices":[]}""")]
    [TestCase("""{"choices":[{"message":"text"}]}""")]
    [TestCase("""{"choices":[{"message":{"tool_calls":[{"id":"a"}]}}]}""")]
    [TestCase("""{"choices":[{"message":{"content":"cut sho""")]
    public void Parse_WhatIsNoAnswer_IsMalformed(string body) =>
        Assert.That(() => Parse(body), Throws.InstanceOf<MalformedAnswerException>());

    [Test]
    public void Write_AfterParse_KeepsEverythingThatCounts()
    {
        var answer = Parse("""
            {"model":"m-1","choices":[{"finish_reason":"tool_calls","message":{"content":null,"reasoning_content":"hm","tool_calls":[
            {"id":"a","function":{"name":"f","arguments":"{ \"x\" : 1.0 }"}}]}}],"usage":{"prompt_tokens":5,"completion_tokens":6,"prompt_tokens_details":{"cached_tokens":4}}}
            """);
        var again = ChatCompletion.Parse(ChatCompletion.Write("key", answer), "other");
        Assert.Multiple(() =>
        {
            Assert.That(again.ToolCalls, Is.EqualTo(answer.ToolCalls));
            Assert.That((again.Model, again.Text, again.Reasoning, again.Usage), Is.EqualTo(("m-1", (string?)null, "hm", new TokenUsage(5, 6, 4))));
            Assert.That(ChatCompletion.Write("key", again).ToArray(), Is.EqualTo(ChatCompletion.Write("key", answer).ToArray()));
        });
    }

    private static string WithCalls(string calls) => $$$"""{"choices":[{"finish_reason":"stop","message":{"tool_calls":[{{{calls}}}]}}]}""";

    private static ModelAnswerPayload Parse(string body) => ChatCompletion.Parse(Encoding.UTF8.GetBytes(body), "asked");
}
