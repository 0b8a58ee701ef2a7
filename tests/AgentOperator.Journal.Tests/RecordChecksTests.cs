using System.Text.Json;
using System.Text.Json.Nodes;
using AgentOperator.Protocol;

namespace AgentOperator.Journal.Tests;

/// <summary>What a record of each kind must hold.</summary>
[TestFixture]
internal sealed class RecordChecksTests
{
    /// <summary>A payload of each kind that this build writes, with all its fields.</summary>
    private static readonly Dictionary<string, string> Valid = new(StringComparer.Ordinal)
    {
        [RecordKinds.RunStarted] = """{"lineage":"l","specHash":"h","spec":{"task":"t"}}""",
        [RecordKinds.EpochClaimed] = """{"pod":"p","podUid":"u"}""",
        [RecordKinds.ToolsListed] =
            """{"tools":[{"name":"s_a","description":"d","inputSchema":"{}","effect":"Keyed","server":"s","serverTool":"a"}]}""",
        [RecordKinds.ModelAnswer] =
            """{"model":"m","text":"t","reasoning":"r","toolCalls":[{"id":"i","name":"n","arguments":"{}","extra":{"a":1}}],"finishReason":"stop","extra":{"b":2},"usage":{"promptTokens":1,"completionTokens":2,"cachedTokens":0}}""",
        [RecordKinds.ModelCallsUnused] = """{"calls":2,"usage":{"promptTokens":1,"completionTokens":2,"cachedTokens":0}}""",
        [RecordKinds.ToolIntent] = """{"tool":"t","effect":"Irreversible"}""",
        [RecordKinds.ToolResult] = """{"tool":"t","content":"c","truncatedBytes":1,"durationMilliseconds":2}""",
        [RecordKinds.ToolFailed] = """{"tool":"t","content":"","truncatedBytes":0,"durationMilliseconds":0}""",
        [RecordKinds.ToolUnknown] = """{"tool":"","content":"c"}""",
        [RecordKinds.ToolsLeftOut] = """{"tools":[{"tool":"t","reason":""}]}""",
        [RecordKinds.ContextShortened] = """{"maxBytes":4000,"limit":8192,"refusal":"too long"}""",
        [RecordKinds.RunFinished] = """{"outcome":"Failed","reason":"r","message":"m","result":"x"}""",
    };

    private static readonly string[] Values =
    [
        "null", "true", "0", "-1", "1.5", "1e400", "123456789012345678901234567890", "\"\"", "\"x\"", "\"Succeeded\"", "[]", "[null]", "[{}]", "{}",
        "[[]]", """{"promptTokens":1}""", """[{"tool":"a","reason":"b"}]""",
    ];

    private static IEnumerable<string> Kinds =>
        typeof(RecordKinds).GetFields().Where(constant => constant.IsLiteral).Select(constant => (string)constant.GetRawConstantValue()!);

    [TestCaseSource(nameof(Kinds))]
    public void FindProblem_OfAWholeRecord_FindsNone_AndOfAnEmptyOneNamesAField(string kind)
    {
        Assert.That(Valid, Contains.Key(kind), "each kind needs a payload here");
        Assert.That(RecordChecks.FindProblem(kind, JsonElement.Parse(Valid[kind])), Is.Null);
        Assert.That(RecordChecks.FindProblem(kind, JsonElement.Parse("{}")), Does.Match(@"^payload\.\w+ is missing$"));
        Assert.That(RecordChecks.FindProblem(kind, default), Is.EqualTo("payload must be an object"));
    }

    [TestCase(RecordKinds.ToolIntent, """{"tool":"t","effect":"Sometimes"}""", "payload.effect must be one of Irreversible, Keyed, Pure")]
    [TestCase(RecordKinds.ToolIntent, """{"tool":"t","effect":0}""", "payload.effect must be one of Irreversible, Keyed, Pure")]
    [TestCase(RecordKinds.ToolResult, """{"tool":"t","content":null}""", "payload.content must be a string")]
    [TestCase(
        RecordKinds.ToolResult, """{"tool":"t","content":"","truncatedBytes":-1}""", "payload.truncatedBytes must be a whole number of at least 0")]
    [TestCase(
        RecordKinds.ToolsListed, """{"tools":[{"name":"a","description":"d","inputSchema":{},"effect":"Pure"}]}""",
        "payload.tools[0].inputSchema must be a string")]
    [TestCase(RecordKinds.ToolsLeftOut, """{"tools":[]}""", "payload.tools must have at least one item")]
    [TestCase(RecordKinds.ToolsLeftOut, """{"tools":[{"tool":"a","reason":"b"},null]}""", "payload.tools[1] must be an object")]
    [TestCase(RecordKinds.ToolsLeftOut, """{"tools":[{"tool":"","reason":"b"}]}""", "payload.tools[0].tool must be a string that is not empty")]
    [TestCase(RecordKinds.ModelAnswer, """{"model":"m","finishReason":"stop","toolCalls":null,"usage":{}}""", "payload.toolCalls must be a list")]
    [TestCase(RecordKinds.ModelAnswer, """{"model":"m","finishReason":"stop","toolCalls":[{"id":"i"}]}""", "payload.toolCalls[0].name is missing")]
    [TestCase(RecordKinds.ModelAnswer, """{"model":"m","finishReason":"stop","usage":{}}""", "payload.toolCalls is missing")]
    [TestCase(RecordKinds.ContextShortened, """{"maxBytes":0,"limit":8192}""", "payload.maxBytes must be a whole number above 0")]
    [TestCase(RecordKinds.ContextShortened, """{"maxBytes":4000,"limit":9000000000}""", "payload.limit must be a whole number above 0")]
    [TestCase(RecordKinds.RunFinished, """{"outcome":"Perhaps","reason":"r"}""", "payload.outcome must be one of Succeeded, Failed")]
    [TestCase("Other", "{}", "kind must be one that this version knows")]
    public void FindProblem_OfAMalformedPayload_NamesTheField(string kind, string payload, string expected) =>
        Assert.That(RecordChecks.FindProblem(kind, JsonElement.Parse(payload)), Is.EqualTo(expected));

    [TestCase(RecordKinds.ToolResult, "key", null, "callId is missing")]
    [TestCase(RecordKinds.ToolIntent, "key", "", "callId is missing")]
    [TestCase(RecordKinds.ToolUnknown, null, "call", "stepKey is missing")]
    [TestCase(RecordKinds.ToolFailed, "", "call", "stepKey is missing")]
    [TestCase(RecordKinds.ToolsLeftOut, null, "call", "callId must not be set on a record of kind ToolsLeftOut")]
    [TestCase(RecordKinds.ToolsLeftOut, null, null, null)]
    [TestCase(RecordKinds.ToolResult, "key", "call", null)]
    public void FindProblem_OfKeyAndCall_MustFitTheKind(string kind, string? stepKey, string? callId, string? expected) =>
        Assert.That(RecordChecks.FindProblem(new NewRecord(kind, JsonElement.Parse(Valid[kind]), stepKey, callId)), Is.EqualTo(expected));

    /// <summary>What the table lets through never fails a reader: whatever a field is replaced with.</summary>
    [TestCaseSource(nameof(Kinds))]
    public void FindProblem_FindsNone_EveryReaderCanReadIt(string kind)
    {
        var accepted = 0;
        foreach (var payload in Mutations(JsonNode.Parse(Valid[kind])!))
        {
            var element = JsonElement.Parse(payload);
            if (RecordChecks.FindProblem(kind, element) is null)
            {
                accepted++;
                Assert.That(() => Read(kind, element), Throws.Nothing, payload);
            }
        }

        Assert.That(accepted, Is.Positive);
    }

    private static void Read(string kind, JsonElement payload)
    {
        var record = StoredRecord.Encode(new JournalRecord
        {
            SchemaVersion = 1, Sequence = 2, Epoch = 1, Kind = kind, StepKey = "k", CallId = "c", Time = DateTimeOffset.UnixEpoch,
            PrevHash = "h", Payload = payload,
        });
        var head = new JournalHead { Sequence = 1, Hash = "h", Epoch = 1, Time = DateTimeOffset.UnixEpoch, SpecHash = "s", Bytes = 0 };
        if (kind == RecordKinds.RunStarted)
        {
            JournalRules.First(StoredRecord.Decode(record.Bytes));
        }
        else
        {
            JournalRules.Next(head, StoredRecord.Decode(record.Bytes));
        }

        switch (kind)
        {
            case RecordKinds.ModelAnswer:
                CallIds.MakeUnique(1, payload.Deserialize(ProtocolJson.Default.ModelAnswerPayload)!.ToolCalls);
                break;
            case RecordKinds.ToolIntent:
                payload.Deserialize(ProtocolJson.Default.ToolIntentPayload);
                break;
            case var _ when RecordKinds.IsToolOutcome(kind):
                payload.Deserialize(ProtocolJson.Default.ToolOutcomePayload);
                break;
        }
    }

    /// <summary>The payload with each of its values, at any depth, left out or replaced.</summary>
    private static IEnumerable<string> Mutations(JsonNode whole)
    {
        foreach (var path in Paths(whole).ToList())
        {
            yield return Changed(whole, path, node => node.Parent!.AsObject().Remove(node.GetPropertyName()));
            foreach (var value in Values)
            {
                yield return Changed(whole, path, node => node.ReplaceWith(JsonNode.Parse(value)));
            }
        }
    }

    private static string Changed(JsonNode whole, IReadOnlyList<object> path, Action<JsonNode> change)
    {
        var copy = whole.DeepClone();
        change(path.Aggregate(copy, (node, step) => step is int index ? node[index]! : node[(string)step]!));
        return copy.ToJsonString();
    }

    /// <summary>The paths of all properties.</summary>
    private static IEnumerable<IReadOnlyList<object>> Paths(JsonNode node, params IReadOnlyList<object> at) => node switch
    {
        JsonObject fields => fields.SelectMany(field => Paths(field.Value!, [.. at, field.Key]).Prepend([.. at, field.Key])),
        JsonArray items => items.SelectMany((item, index) => Paths(item!, [.. at, index])),
        _ => [],
    };
}
