using System.Text.Json;
using System.Text.Json.Nodes;
using AgentOperator.Protocol;
using AgentRunner.Conversations;
using AgentRunner.Tests.Fakes;

namespace AgentRunner.Tests.Models;

/// <summary>Journals as released versions wrote them: each model call is asked for with the key and the bytes of then.</summary>
internal sealed class GoldenReplayTests
{
    private static readonly Prompt Prompt = new()
    {
        Lineage = "0a1b2c3d-0000-4000-8000-000000000001",
        Task = "Prüfe die Ernte. 数一数 🍎.",
        Instructions = "Be brief.\nSay \"done\".",
        Model = new ModelParameters("scripted", 512),
        MaxContextBytes = 40_000,
        Tools =
        [
            new ToolSpecification("shell", "Runs a command.", """{"type":"object","properties":{"command":{"type":"string"}}}"""),
            new ToolSpecification("files", "Reads a file — any.", """{"type":"object"}"""),
            new ToolSpecification("odd", "Is odd.", """{"type":"array"}"""),
            new ToolSpecification("late", "Is left out later.", """{"type":"object"}"""),
        ],
    };

    [TestCase("version-1")]
    [TestCase("version-2")]
    public async Task Replay_OfAnEarlierVersion_AsksTheSameByteForByte(string version)
    {
        // From version 2 on, the journal says which tools are offered and what the limit is.
        var isFirst = version == "version-1";
        var conversation = new Conversation(isFirst ? Prompt : Prompt with { MaxContextBytes = 1, Tools = [] });
        var replay = new Replay(conversation);
        var requests = new List<string>();
        foreach (var record in Lines(version, "records").Select(line => JsonSerializer.Deserialize(line, ProtocolJson.Default.JournalRecord)!))
        {
            if (record.Kind == RecordKinds.ModelAnswer)
            {
                requests.Add(await CapturedRequest.OfAsync(conversation));
            }

            // Compares the step keys too.
            replay.Apply(isFirst && record.Kind == RecordKinds.RunStarted ? WithLimit(record, Prompt.MaxContextBytes) : record);
        }

        Assert.That(requests, Is.EqualTo(Lines(version, "requests")));
        Assert.That(conversation.Finished!.Outcome, Is.EqualTo(RunOutcome.Succeeded));
    }

    /// <summary>Version 1 took the limit from the run as it was, and this run's was another than its spec's.</summary>
    private static JournalRecord WithLimit(JournalRecord started, int maxContextBytes)
    {
        var payload = JsonNode.Parse(started.Payload.GetRawText())!;
        payload["spec"]!["limits"]!["maxContextBytes"] = maxContextBytes;
        return started with { Payload = JsonElement.Parse(payload.ToJsonString()) };
    }

    private static string[] Lines(string version, string part) =>
        File.ReadAllLines(Path.Combine(TestContext.CurrentContext.TestDirectory, "Golden", $"{version}.{part}.jsonl"));
}
