using System.Text;
using System.Text.Json;
using AgentOperator.Protocol;
using AgentRunner.Conversations;
using AgentRunner.Gateway;
using AgentRunner.Tests.Fakes;

namespace AgentRunner.Tests.Gateway;

internal sealed class JournalChainTests
{
    private const int Records = 6;

    private readonly JournalChain _chain = new();

    [Test]
    public void Check_PagesOfAnyLength_AreWhole([Range(1, Records)] int length)
    {
        foreach (var page in Stored().Chunk(length))
        {
            Assert.That(() => _chain.Check(Page(page)), Throws.Nothing);
        }
    }

    [Test]
    public void Check_ARecordIsChanged_SaysWhichOneDoesNotFollow([Range(0, Records - 2)] int changed, [Values(1, Records)] int length)
    {
        var records = Stored();
        records[changed] = records[changed].Replace("1970", "1971", StringComparison.Ordinal);

        Assert.That(
            () => records.Chunk(length).ToList().ForEach(page => _chain.Check(Page(page))),
            Throws.TypeOf<JournalDefectException>().With.Message.Contains($"record {changed + 2}:"));
    }

    [Test]
    public void Check_TheFirstRecordHasAPredecessor_IsRefused() =>
        Assert.That(
            () => _chain.Check(Page([Stored()[0].Replace(JournalHash.Genesis, new string('1', 64), StringComparison.Ordinal)])),
            Throws.TypeOf<JournalDefectException>());

    /// <summary>Only the bytes decide: a record of a later version may have fields that this one does not know.</summary>
    [Test]
    public void Check_ARecordHasMoreFields_HashesThemToo()
    {
        var records = Stored();
        records[2] = records[2][..^1] + ",\"later\":\"\\u00e9\"}";
        var hash = JournalHash.Of(Encoding.UTF8.GetBytes(records[2]));
        records[3] = JsonSerializer.Serialize(JsonElement.Parse(records[3]).Deserialize(ProtocolJson.Default.JournalRecord)! with
        {
            PrevHash = hash,
        }, ProtocolJson.Default.JournalRecord);

        Assert.That(() => _chain.Check(Page(records[..4])), Throws.Nothing);
    }

    /// <summary>A gateway of version 0.1 escapes text in pages that the store has as UTF-8.</summary>
    [Test]
    public void Check_PageOfAnOlderGateway_IsWhole() =>
        Assert.That(
            () => _chain.Check(JsonSerializer.SerializeToUtf8Bytes(new JournalPage(Journal().Records, Records), ProtocolJson.Default.JournalPage)),
            Throws.Nothing);

    [Test]
    public void Check_AfterRecordsOfTheRunnersOwn_TakesTheNext()
    {
        var records = Stored();
        _chain.Check(Page(records[..2]));

        Assert.That(() => _chain.Check(Page(records[4..])), Throws.Nothing);
    }

    [TestCase("{}")]
    [TestCase("""{"journal":null}""")]
    public void Check_AnswerWithoutAPage_IsLeftAlone(string answer) =>
        Assert.That(() => _chain.Check(Encoding.UTF8.GetBytes(answer), "journal"), Throws.Nothing);

    private static List<string> Stored() => [.. Journal().Records.Select(record => Encoding.UTF8.GetString(record.Encode()))];

    private static FakeJournal Journal()
    {
        var journal = new FakeJournal();
        for (var i = 0; i < Records; i++)
        {
            journal.Force(new NewRecord(RecordKinds.ToolFailed, JsonElement.Parse("""{"tool":"shell","content":"Zürich <3 \"\ud83d\ude80\""}"""), "k", "c"));
        }

        return journal;
    }

    private static byte[] Page(IEnumerable<string> records) => Encoding.UTF8.GetBytes($"{{\"records\":[{string.Join(',', records)}],\"headSequence\":9}}");
}
