using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using AgentOperator.Gateway.Models;
using AgentOperator.Protocol;

namespace AgentOperator.Tests.Gateway.Streaming;

/// <summary>Streams as providers send them, and what they come to.</summary>
[TestFixture]
internal sealed class StreamedAnswerTests
{
    private const string Hello = """{"choices":[{"index":0,"delta":{"role":"assistant","content":"Hello"}}]}""";
    private const string World = """{"choices":[{"index":0,"delta":{"content":" world"}}]}""";
    private const string Stop = """{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}""";
    private const string Usage = """{"choices":[],"usage":{"prompt_tokens":11,"completion_tokens":7}}""";
    private const string Done = "[DONE]";

    [Test]
    public async Task Call_Streaming_AsksForAStreamWithItsUsageAndChangesNothingElse()
    {
        var provider = StreamingProvider.OfData(Hello, Stop, Usage, Done);

        await provider.CallAsync("""{"model":"m","stream":false,"messages":[{"role":"user","content":"\ud83d"}],"stream_options":{}}""");

        Assert.That(provider.Requests, Is.EqualTo(new[]
        {
            """{"stream":true,"stream_options":{"include_usage":true},"model":"m","messages":[{"role":"user","content":"\ud83d"}]}""",
        }));
    }

    [Test]
    public async Task Answer_InChunks_IsOneAnswer()
    {
        var answer = await StreamingProvider.OfData(Hello, World, Stop, Usage, Done).AnswerAsync();

        Assert.That((answer.Text, answer.FinishReason, answer.Usage), Is.EqualTo(("Hello world", "stop", new TokenUsage(11, 7, 0))));
    }

    [TestCase("data: {0}\n\ndata: {1}\n\ndata: {2}\n\n", TestName = "no DONE")]
    [TestCase("\uFEFFdata: {0}\n\ndata: {1}\n\ndata: {2}\n\ndata: [DONE]\n\n", TestName = "byte order mark")]
    [TestCase("data: {0}\r\n\r\ndata: {1}\r\n\r\ndata: {2}\r\n\r\ndata: [DONE]\r\n\r\n", TestName = "CRLF")]
    [TestCase("data: {0}\r\rdata: {1}\r\rdata: {2}\r\rdata: [DONE]\r\r", TestName = "CR")]
    [TestCase("data:{0}\ndata:{1}\ndata:{2}\ndata:[DONE]", TestName = "no spaces, no blank lines, no end of line")]
    [TestCase(": PROCESSING\n\n:\n\ndata: {0}\n\n: ping\n\ndata: {1}\n\ndata: {2}\n\ndata: [DONE]\n\n", TestName = "comments")]
    [TestCase("event: chunk\nid: 1\nretry: 5\ndata: {0}\n\nevent: chunk\ndata: {1}\n\ndata: {2}\n\ndata: [DONE] \n\n", TestName = "other fields")]
    [TestCase("\n\n  \ndata: {0}\n\ndata: keep-alive\n\ndata: \n\ndata: {1}\n\ndata: {2}\n\n", TestName = "texts that keep the connection alive")]
    [TestCase("data: {0}\n\ndata: {1}\n\ndata: {2}\n\ndata: [DONE]\n\ndata: {{\"choices\":5\n\n", TestName = "something after the end")]
    public async Task Answer_InAnySpellingOfTheStream_IsRead(string stream)
    {
        var text = stream.Replace("{0}", Hello, StringComparison.Ordinal).Replace("{1}", World, StringComparison.Ordinal)
            .Replace("{2}", Stop, StringComparison.Ordinal);

        var provider = new StreamingProvider([.. Encoding.UTF8.GetBytes(text).Chunk(1).Select(bytes => new ReadOnlyMemory<byte>(bytes))]);

        Assert.That((await provider.AnswerAsync()).Text, Is.EqualTo("Hello world"));
    }

    [Test]
    public async Task Answer_DataOverSeveralLines_IsJoined()
    {
        var answer = await StreamingProvider.Of("data: {\"choices\":[{\"index\":0,\ndata: \"delta\":{\"content\":\"x\"},\"finish_reason\":\"stop\"}]\ndata: }\n\n")
            .AnswerAsync();

        Assert.That(answer.Text, Is.EqualTo("x"));
    }

    /// <summary>Wrong content types both ways.</summary>
    [TestCase("""{"choices":[{"message":{"content":"Hello"},"finish_reason":"stop"}]}""", "text/event-stream")]
    [TestCase("""{"choices":[{"message":{"content":"Hello"},"finish_reason":"stop"}]}""", "application/json")]
    [TestCase("data: {\"choices\":[{\"delta\":{\"content\":\"Hello\"},\"finish_reason\":\"stop\"}]}\n\n", "application/json")]
    [TestCase("data: {\"choices\":[{\"message\":{\"content\":\"Hello\"},\"finish_reason\":\"stop\"}]}\n\n", "text/event-stream")]
    public async Task Answer_StreamedOrNot_IsUnderstood(string body, string contentType)
    {
        using var provider = new StreamingProvider([Encoding.UTF8.GetBytes(body)]) { ContentType = contentType };

        Assert.That((await provider.AnswerAsync()).Text, Is.EqualTo("Hello"));
    }

    [TestCase("""[{"index":0,"id":"a","function":{"name":"f","arguments":""}}]|[{"index":0,"function":{"arguments":"{\"x\""}}]|[{"index":0,"function":{"arguments":":1}"}}]""",
        "a f {\"x\":1}", TestName = "argument fragments")]
    [TestCase("""[{"index":0,"id":"a","function":{"name":"f","arguments":"{\"x\""}},{"index":1,"id":"b","function":{"name":"g","arguments":"{"}}]|[{"index":1,"function":{"arguments":"}"}},{"index":0,"function":{"arguments":":1}"}}]""",
        "a f {\"x\":1}|b g {}", TestName = "interleaved calls")]
    [TestCase("""[{"id":"a","function":{"name":"f","arguments":"{\"x\""}}]|[{"function":{"arguments":":1}"}}]|[{"id":"b","function":{"name":"f","arguments":"{}"}}]""",
        "a f {\"x\":1}|b f {}", TestName = "no index")]
    [TestCase("""[{"index":0,"id":"a","function":{"name":"f","arguments":"{}"}},{"index":0,"id":"b","function":{"name":"f","arguments":"{\"y\":2}"}}]""",
        "a f {}|b f {\"y\":2}", TestName = "the same index for all")]
    [TestCase("""[{"index":0,"function":{"name":"f","arguments":"{\"x\":1}"}}]|[{"index":0,"function":{"name":"f","arguments":"{\"x\":2}"}}]|[{"index":0,"function":{"name":"g","arguments":"{}"}}]""",
        "call_1 f {\"x\":1}|call_2 f {\"x\":2}|call_3 g {}", TestName = "the same index and no ids")]
    [TestCase("""[{"index":0,"id":"a","function":{"name":"f","arguments":"{\"x\""}}]|[{"index":0,"id":"a","function":{"name":"f","arguments":":1}"}}]|[{"index":0,"id":"","function":{"name":"","arguments":""}}]""",
        "a f {\"x\":1}", TestName = "id and name repeated")]
    [TestCase("""[{"index":0,"id":"a","function":{"name":"f","arguments":{"x":1}}}]""", "a f {\"x\":1}", TestName = "arguments as an object")]
    [TestCase("""{"id":"a","function":{"name":"f","arguments":"{}"}}""", "a f {}", TestName = "one call and no list")]
    public async Task Calls_InParts_AreWhole(string parts, string expected)
    {
        var chunks = parts.Split('|').Select(part => $$$"""{"choices":[{"index":0,"delta":{"tool_calls":{{{part}}}}}]}""");

        var answer = await StreamingProvider.OfData([.. chunks, """{"choices":[{"delta":{},"finish_reason":"tool_calls"}]}""", Done]).AnswerAsync();

        Assert.That(string.Join('|', answer.ToolCalls.Select(call => $"{call.Id} {call.Name} {call.Arguments}")), Is.EqualTo(expected));
    }

    [Test]
    public async Task Call_InTheLegacyField_IsWhole()
    {
        var answer = await StreamingProvider.OfData(
            """{"choices":[{"delta":{"function_call":{"name":"f","arguments":"{\"x\""}}}]}""",
            """{"choices":[{"delta":{"function_call":{"arguments":":1}"}},"finish_reason":"function_call"}]}""").AnswerAsync();

        Assert.That((answer.ToolCalls.Single().Name, answer.ToolCalls.Single().Arguments), Is.EqualTo(("f", """{"x":1}""")));
    }

    [Test]
    public async Task Extras_InParts_AreMergedAndSignaturesStayAsTheyWere()
    {
        var answer = await StreamingProvider.OfData(
            """{"choices":[{"delta":{"reasoning_details":[{"type":"reasoning.text","index":0,"text":"I thi"}]}}]}""",
            """{"choices":[{"delta":{"reasoning_details":[{"type":"reasoning.text","index":0,"text":"nk","signature":"a+\/="}]}}]}""",
            """{"choices":[{"delta":{"reasoning_details":[{"type":"reasoning.encrypted","index":1,"data":"b"}],"reasoning":"r"}}]}""",
            """{"choices":[{"delta":{"content":"x","tool_calls":[{"index":0,"id":"a","function":{"name":"f","arguments":"{}"},"extra_content":{"google":{"thought_signature":"s"}}}]},"finish_reason":"tool_calls"}]}""")
            .AnswerAsync();

        Assert.That(JsonNode.DeepEquals(JsonNode.Parse(answer.Extra!.Value.GetRawText()), JsonNode.Parse("""
            {"reasoning_details":[{"type":"reasoning.text","index":0,"text":"I think","signature":"a+/="},
            {"type":"reasoning.encrypted","index":1,"data":"b"}],"reasoning":"r"}
            """)), answer.Extra!.Value.GetRawText());
        Assert.That(answer.ToolCalls.Single().Extra!.Value.GetRawText(), Is.EqualTo("""{"extra_content":{"google":{"thought_signature":"s"}}}"""));
    }

    [Test]
    public async Task Usage_InEveryChunk_IsTheLastThatCounts()
    {
        var answer = await StreamingProvider.OfData(
            """{"choices":[{"delta":{"content":"x"}}],"usage":{"prompt_tokens":11,"completion_tokens":1}}""",
            """{"choices":[{"delta":{"content":"y"},"finish_reason":"stop"}],"usage":{"prompt_tokens":11,"completion_tokens":2}}""",
            """{"choices":[],"usage":{"prompt_tokens":0,"completion_tokens":0}}""", Done).AnswerAsync();

        Assert.That(answer.Usage, Is.EqualTo(new TokenUsage(11, 2, 0)));
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task Stream_BreaksOff_IsUnavailableAndCounted(bool isReset)
    {
        var provider = new StreamingProvider([Encoding.UTF8.GetBytes($"data: {Hello}\n\n")])
        {
            End = _ => isReset ? throw new IOException("reset") : Task.CompletedTask,
        };

        Assert.That(await provider.CallAsync(), Is.InstanceOf<ProviderOutcome.Unavailable>());
        Assert.That(provider.Unused.Single().CompletionTokens, Is.EqualTo(1024), "estimated");
    }

    [Test]
    public async Task Stream_BreaksOffAfterTheAnswerEnded_IsAnAnswer()
    {
        var provider = new StreamingProvider([Encoding.UTF8.GetBytes($"data: {Hello}\n\ndata: {Stop}\n\n")])
        {
            End = _ => throw new IOException("reset"),
        };

        Assert.That((await provider.AnswerAsync()).Text, Is.EqualTo("Hello"));
    }

    [Test]
    public async Task Stream_GoesSilent_IsGivenUpAndCounted()
    {
        var silent = new TaskCompletionSource();
        var provider = new StreamingProvider([Encoding.UTF8.GetBytes($"data: {Hello}\n\n")])
        {
            End = token =>
            {
                silent.TrySetResult();
                return Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token);
            },
        };

        var call = provider.CallAsync();
        await silent.Task;
        await Eventually.TrueAsync("the silence is over", () =>
        {
            provider.Time.Advance(TimeSpan.FromSeconds(61));
            return call.IsCompleted;
        });

        Assert.That(await call, Is.InstanceOf<ProviderOutcome.Unavailable>());
        Assert.That(provider.Unused.Single().CompletionTokens, Is.EqualTo(1024), "estimated");
    }

    [Test]
    public async Task Stream_HasAPartThatIsNoJson_IsNotTakenForAnAnswer()
    {
        var provider = StreamingProvider.OfData(Hello, """{"choices":[{"delta":{"content":" wor""", Stop, Done);

        Assert.That(await provider.CallAsync(), Is.InstanceOf<ProviderOutcome.Unavailable>());
    }

    [TestCase("""{"error":{"message":"Overloaded","type":"overloaded_error"}}""", typeof(ProviderOutcome.Unavailable))]
    [TestCase("""{"error":{"code":"insufficient_quota"},"choices":[{"delta":{"content":""},"finish_reason":"error"}]}""", typeof(ProviderOutcome.NeedsPerson))]
    [TestCase("""{"error":{"type":"invalid_request_error","message":"bad"}}""", typeof(ProviderOutcome.Rejected))]
    public async Task Stream_HasAnError_IsThatErrorAndCountedOnceTheAnswerHadBegun(string error, Type outcome)
    {
        var (before, after) = (StreamingProvider.OfData(error), StreamingProvider.OfData(Hello, error));

        Assert.That(await before.CallAsync(), Is.InstanceOf(outcome));
        Assert.That(await after.CallAsync(), Is.InstanceOf(outcome));
        Assert.That((before.Unused.Count, after.Unused.Count), Is.EqualTo((0, 1)));
    }

    [Test]
    public async Task Stream_TooLarge_IsPaidAndNotKept()
    {
        var text = new string('x', 1024 * 1024);
        var chunk = $$$"""{"choices":[{"delta":{"content":"{{{text}}}"}}]}""";

        var answer = await StreamingProvider.OfData([.. Enumerable.Repeat(chunk, 5), Stop, Done]).AnswerAsync();

        Assert.That((answer.FinishReason, answer.Text), Is.EqualTo((ModelAnswerPayload.TooLarge, (string?)null)));
    }

    [Test]
    public async Task Stream_OptionsAreNotKnown_IsAskedForWithoutThem()
    {
        using var provider = new StreamingProvider([Encoding.UTF8.GetBytes("""{"error":{"message":"Unknown field: stream_options"}}""")])
        {
            Status = HttpStatusCode.BadRequest,
        };

        await provider.CallAsync();

        Assert.That(provider.Requests, Has.Count.EqualTo(2));
        Assert.That(provider.Requests[1], Does.Contain("\"stream\":true").And.Not.Contain("stream_options"));
    }
}
