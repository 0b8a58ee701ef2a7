using System.Text.Json;
using System.Text.RegularExpressions;
using AgentOperator.Protocol;
using AgentRunner.Conversations;
using AgentRunner.Tests.Fakes;
using AgentRunner.Tests.Generators;

namespace AgentRunner.Tests.Models;

/// <summary>What goes back to the provider of what a model wrote: always what every provider takes, and the same on every replay.</summary>
internal sealed partial class SentConversationTests
{
    private static readonly Prompt Prompt = new() { Lineage = "l", Task = "t", Model = new ModelParameters("m"), MaxContextBytes = 100_000 };

    [Test]
    public async Task Request_AfterAnyAnswer_IsOneThatProvidersTakeAndTheSameAfterAReplay([Range(0, 9)] int block)
    {
        for (var seed = block * 100; seed < (block + 1) * 100; seed++)
        {
            var records = Records(seed);
            var sent = await CapturedRequest.OfAsync(Replayed(records));
            var stored = records.Select(record => JsonSerializer.Deserialize(
                JsonSerializer.SerializeToUtf8Bytes(record, ProtocolJson.Default.JournalRecord), ProtocolJson.Default.JournalRecord)!);
            var again = await CapturedRequest.OfAsync(Replayed([.. stored]));

            Assert.That(again, Is.EqualTo(sent), $"seed {seed}");
            AssertTaken(sent, $"seed {seed}");
        }
    }

    [TestCase("{ \"a\" : 1.50 }", "{ \"a\" : 1.50 }")]
    [TestCase(" {}\n", "{}")]
    [TestCase("", "{}")]
    [TestCase("\uFEFF{\"a\":1}", "{\"a\":1}")]
    [TestCase("```json\n{\"a\":1}\n```", "{\"a\":1}")]
    [TestCase("```\n{}\n```", "{}")]
    [TestCase("\"{\\\"a\\\":1}\"", "{\"a\":1}")]
    [TestCase("{\"a\":1}{\"a\":1}", "{\"a\":1}")]
    [TestCase("{}\n{}\n{}", "{}")]
    public void Arguments_ThatLeaveNoDoubt_AreUnderstood(string raw, string expected)
    {
        var arguments = CallArguments.Read(raw);

        Assert.That((arguments.Sent, arguments.Object?.GetRawText(), arguments.Problem), Is.EqualTo((expected, expected, (string?)null)));
    }

    [TestCase("{\"a\":1", "invalid JSON at line 1, byte 7")]
    [TestCase("null", "null is no object")]
    [TestCase("[{}]", "an array is no object")]
    [TestCase("\"ls\"", "a text is no object")]
    [TestCase("{\"a\":1}{\"a\":2}", "invalid JSON at line 1, byte 8")]
    [TestCase("{\"a\":1,\"a\":2}", "a name stands twice")]
    [TestCase("{\"a\":{\"b\":1,\"b\":1}}", "a name stands twice")]
    [TestCase("{\"a\":1e999}", "a number in it is too large")]
    [TestCase("{\"a\":NaN}", "invalid JSON")]
    [TestCase("{\"a\":\"\\ud83c\"}", "half of a surrogate pair")]
    [TestCase("{\"\\udf89\":1}", "half of a surrogate pair")]
    [TestCase("```json\n{\"a\":1\n```", "invalid JSON")]
    [TestCase("\"\\\"{}\\\"\"", "a text is no object")]
    [TestCase("{'a':1}", "invalid JSON")]
    [TestCase("{\"a\":1,}", "invalid JSON")]
    public void Arguments_ThatLeaveDoubt_AreNotRunAndGoBackEmpty(string raw, string problem)
    {
        var arguments = CallArguments.Read(raw);

        Assert.That((arguments.Sent, arguments.Object), Is.EqualTo(("{}", (JsonElement?)null)));
        Assert.That(arguments.Problem, Does.Contain(problem));
    }

    [Test]
    public void Arguments_NestedWithoutEnd_AreNotRun() =>
        Assert.That(CallArguments.Read(string.Concat(Enumerable.Repeat("{\"a\":", 100_000)) + "1" + new string('}', 100_000)).Sent, Is.EqualTo("{}"));

    /// <summary>A run of a few answers with a few calls each, all of whose texts may be anything.</summary>
    private static List<JournalRecord> Records(int seed)
    {
        var random = new Random(seed);
        var text = new OddModelText(random);
        var records = new List<JournalRecord>();
        var conversation = new Conversation(Prompt);
        for (var step = random.Next(1, 4); step > 0; step--)
        {
            var answer = new ModelAnswerPayload
            {
                Model = "m",
                FinishReason = random.Next(4) == 0 ? "length" : random.Next(4) == 0 ? "error" : "tool_calls",
                Extra = random.Next(3) == 0 ? Extra(text) : null,
                Text = random.Next(3) == 0 ? null : text.Next(),
                Reasoning = random.Next(3) == 0 ? text.Next() : null,
                ToolCalls = [.. Enumerable.Range(0, random.Next(4)).Select(_ => new ToolCall(text.Next(), text.Next(), text.Next())
                {
                    Extra = random.Next(3) == 0 ? Extra(text) : null,
                })],
            };
            Add(
                RecordKinds.ModelAnswer, JsonSerializer.SerializeToElement(answer, ProtocolJson.Default.ModelAnswerPayload),
                conversation.NextModelCallKey, null);
            while (conversation.Turns[^1].FirstOpenCall is { } call)
            {
                var outcome = new ToolOutcomePayload { Tool = call.Call.Name, Content = text.Next() };
                Add(
                    RecordKinds.ToolFailed, JsonSerializer.SerializeToElement(outcome, ProtocolJson.Default.ToolOutcomePayload), call.StepKey,
                    call.Call.Id);
            }
        }

        return records;

        void Add(string kind, JsonElement payload, string stepKey, string? callId)
        {
            var record = new JournalRecord
            {
                SchemaVersion = 1, Sequence = records.Count + 1, Epoch = 1, Kind = kind, StepKey = stepKey, CallId = callId,
                Time = DateTimeOffset.UnixEpoch, PrevHash = "",
                Payload = payload,
            };
            records.Add(record);
            new Replay(conversation).Apply(record);
        }
    }

    private static JsonElement Extra(OddModelText text) => JsonSerializer.SerializeToElement(
        new Dictionary<string, object> { [text.Next() + "x"] = text.Next(), ["function"] = new Dictionary<string, string> { ["y"] = text.Next() } });

    private static Conversation Replayed(IReadOnlyList<JournalRecord> records)
    {
        var conversation = new Conversation(Prompt);
        var replay = new Replay(conversation);
        foreach (var record in records)
        {
            replay.Apply(record);
        }

        return conversation;
    }

    private static void AssertTaken(string request, string why)
    {
        using var document = JsonDocument.Parse(request);
        var open = new Queue<string>();
        foreach (var message in document.RootElement.GetProperty("messages").EnumerateArray())
        {
            AssertReadable(message, why);
            Assert.That(message.EnumerateObject().Select(field => field.Name), Is.Unique, why);
            if (message.GetProperty("role").GetString() == "tool")
            {
                Assert.That(message.GetProperty("tool_call_id").GetString(), Is.EqualTo(open.Dequeue()), why);
                continue;
            }

            Assert.That(open, Is.Empty, why);
            if (!message.TryGetProperty("tool_calls", out var calls))
            {
                continue;
            }

            foreach (var call in calls.EnumerateArray())
            {
                var function = call.GetProperty("function");
                open.Enqueue(call.GetProperty("id").GetString()!);
                Assert.That(function.GetProperty("name").GetString(), Does.Match(ProviderName()), why);
                using var arguments = JsonDocument.Parse(
                    function.GetProperty("arguments").GetString()!, new JsonDocumentOptions { AllowDuplicateProperties = false });
                Assert.That(arguments.RootElement.ValueKind, Is.EqualTo(JsonValueKind.Object), why);
                AssertReadable(arguments.RootElement, why);
            }

            Assert.That(open, Is.Unique.And.All.Not.Empty, why);
        }

        Assert.That(open, Is.Empty, why);
    }

    /// <summary>Every text is Unicode and every number a double: what the JSON readers of providers insist on.</summary>
    private static void AssertReadable(JsonElement element, string why)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.String:
                Assert.That(element.GetString(), Is.Not.Null, why);
                break;
            case JsonValueKind.Number:
                Assert.That(double.IsFinite(element.GetDouble()), why);
                break;
            case JsonValueKind.Array:
                foreach (var item in element.EnumerateArray())
                {
                    AssertReadable(item, why);
                }

                break;
            case JsonValueKind.Object:
                foreach (var property in element.EnumerateObject())
                {
                    Assert.That(property.Name, Is.Not.Null, why);
                    AssertReadable(property.Value, why);
                }

                break;
            default:
                break;
        }
    }

    [GeneratedRegex(@"\A[a-zA-Z0-9_-]{1,64}\z")]
    private static partial Regex ProviderName();
}
