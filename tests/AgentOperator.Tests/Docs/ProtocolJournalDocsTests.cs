using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using AgentOperator.Journal;
using AgentOperator.Protocol;

namespace AgentOperator.Tests.Docs;

/// <summary>What docs/protocol.md says of records is what the code checks, and its worked examples come out.</summary>
[TestFixture]
internal sealed class ProtocolJournalDocsTests
{
    private const string Outcome = nameof(ToolOutcomePayload);

    private static readonly string Text = Repository.Read("docs/protocol.md");

    private static readonly IReadOnlyList<string[]> Fields = MarkdownTable.Rows(Text, "| kind | field | type | required | meaning |");

    /// <summary>The records of the worked example, one a line.</summary>
    private static readonly string[] Example =
        [.. Text.Split('\n').Where(line => line.StartsWith("{\"schemaVersion\"", StringComparison.Ordinal))];

    [Test]
    public void Record_TableHasItsFields() => Assert.That(
        MarkdownTable.Rows(Text, "| field | type | meaning |").Select(row => row[0]),
        Is.EqualTo(ProtocolJson.Default.JournalRecord.Properties.Where(property => property.Get is not null).Select(property => property.Name)));

    [TestCase(RecordKinds.RunStarted, nameof(RunStartedPayload))]
    [TestCase(RecordKinds.EpochClaimed, nameof(EpochClaimedPayload))]
    [TestCase(RecordKinds.ToolsListed, nameof(ToolsListedPayload))]
    [TestCase(RecordKinds.ModelAnswer, nameof(ModelAnswerPayload))]
    [TestCase(RecordKinds.ModelCallsUnused, nameof(ModelCallsUnusedPayload))]
    [TestCase(RecordKinds.ToolIntent, nameof(ToolIntentPayload))]
    [TestCase(RecordKinds.ToolResult, Outcome)]
    [TestCase(RecordKinds.ToolFailed, Outcome)]
    [TestCase(RecordKinds.ToolUnknown, Outcome)]
    [TestCase(RecordKinds.ToolsLeftOut, nameof(ToolsLeftOutPayload))]
    [TestCase(RecordKinds.ContextShortened, nameof(ContextShortenedPayload))]
    [TestCase(RecordKinds.RunFinished, nameof(RunFinishedPayload))]
    public void Payload_TableHasItsFields(string kind, string type)
    {
        var payload = typeof(RecordKinds).Assembly.GetType($"AgentOperator.Protocol.{type}")!;

        Assert.That(
            Fields.Where(row => row[0] == kind).Select(row => row[1]), Is.EquivalentTo(NamesOf(ProtocolJson.Default.GetTypeInfo(payload)!, "")));
    }

    [Test]
    public void Payload_TableHasNoOtherKinds() =>
        Assert.That(Fields.Select(row => row[0]).Distinct().All(RecordKinds.IsKnown), Is.True);

    [TestCaseSource(nameof(AllFields))]
    public void Payload_WithoutAField_IsRefusedIfTheFieldIsRequired(string kind, string field, bool isRequired)
    {
        var payload = PayloadOf(kind);
        Assert.That(Problem(kind, payload), Is.Null, "with all fields");

        var (owner, name) = Find(payload, field);
        owner.Remove(name);

        Assert.That(Problem(kind, payload), isRequired ? Does.Contain(name).And.Contain("missing") : Is.Null);
    }

    [Test]
    public void PrevHash_OfTheExample_IsTheHashOfTheLineBefore()
    {
        var hashes = MarkdownTable.Rows(Text, "| record | SHA-256 of its bytes |").Select(row => row[1]).ToList();
        Assert.That(Example, Has.Length.EqualTo(hashes.Count).And.Length.GreaterThan(2));
        var before = JournalHash.Genesis;
        foreach (var (line, hash) in Example.Zip(hashes))
        {
            var bytes = Encoding.UTF8.GetBytes(line);
            var stored = StoredRecord.Decode(bytes);

            Assert.That(stored.Record.PrevHash, Is.EqualTo(before));
            Assert.That(Convert.ToHexStringLower(SHA256.HashData(bytes)), Is.EqualTo(hash).And.EqualTo(stored.Hash));
            Assert.That(Encoding.UTF8.GetString(StoredRecord.Encode(stored.Record).Bytes.Span), Is.EqualTo(line), "as the journal writes it");
            before = hash;
        }
    }

    [Test]
    public void StepKeys_OfTheExample_ComeOut()
    {
        var rows = MarkdownTable.Rows(Text, "| action | parts | step key |");
        var started = StoredRecord.Decode(Encoding.UTF8.GetBytes(Example[0])).Record;
        var answer = StoredRecord.Decode(Encoding.UTF8.GetBytes(Example[2])).Record;
        var lineage = started.Payload.GetProperty("lineage").GetString()!;
        var call = JournalRules.Read(answer, ProtocolJson.Default.ModelAnswerPayload).ToolCalls[0];

        Assert.That(rows[0][2], Is.EqualTo(StepKeys.ForModelCall(lineage, rows[0][0].Split('`')[1], 1)).And.EqualTo(answer.StepKey));
        Assert.That(rows[1][2], Is.EqualTo(StepKeys.ForToolCall(lineage, answer.Sequence, call.Id)));
    }

    private static IEnumerable<TestCaseData> AllFields() => Fields.Select(row => new TestCaseData(row[0], row[1], row[3] == "yes"));

    private static IEnumerable<string> NamesOf(JsonTypeInfo type, string prefix)
    {
        foreach (var property in type.Properties.Where(property => property.Get is not null))
        {
            var name = prefix + property.Name;
            yield return name;
            var inner = ProtocolJson.Default.GetTypeInfo(property.PropertyType);
            var (item, path) = inner is { Kind: JsonTypeInfoKind.Enumerable, ElementType: { } element }
                ? (ProtocolJson.Default.GetTypeInfo(element), name + "[].")
                : (inner, name + ".");
            foreach (var field in item is { Kind: JsonTypeInfoKind.Object } ? NamesOf(item, path) : [])
            {
                yield return field;
            }
        }
    }

    /// <summary>A payload with all fields of the table.</summary>
    private static JsonObject PayloadOf(string kind)
    {
        var payload = new JsonObject();
        foreach (var row in Fields.Where(row => row[0] == kind))
        {
            var (owner, name) = Find(payload, row[1]);
            owner[name] = row[2] switch
            {
                "string" => "text",
                "integer" => 1,
                "object" => new JsonObject(),
                "list" => new JsonArray(new JsonObject()),
                "effect" => nameof(ToolEffect.Pure),
                "outcome" => nameof(RunOutcome.Failed),
                _ => throw new InvalidOperationException($"{row[2]} is no type"),
            };
        }

        return payload;
    }

    private static (JsonObject Owner, string Name) Find(JsonObject payload, string field)
    {
        var parts = field.Split('.');
        var owner = parts[..^1].Aggregate(
            payload, (at, part) => part.EndsWith("[]", StringComparison.Ordinal) ? at[part[..^2]]![0]!.AsObject() : at[part]!.AsObject());
        return (owner, parts[^1]);
    }

    private static string? Problem(string kind, JsonObject payload) => RecordChecks.FindProblem(kind, JsonElement.Parse(payload.ToJsonString()));
}
