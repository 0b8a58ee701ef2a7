using System.Text.Json;
using AgentOperator.Protocol;

namespace AgentOperator.Journal.Tests;

/// <summary>Records as runners and the gateway append them.</summary>
internal static class Records
{
    public static NewRecord Answer(string key, long prompt = 1, long completion = 1, long cached = 0) => new(
        RecordKinds.ModelAnswer,
        JsonSerializer.SerializeToElement(
            new ModelAnswerPayload { Model = "m", Text = key, FinishReason = "stop", Usage = new TokenUsage(prompt, completion, cached) },
            ProtocolJson.Default.ModelAnswerPayload),
        key);

    public static NewRecord Result(string key, string content = "done") => new(
        RecordKinds.ToolResult,
        JsonSerializer.SerializeToElement(new ToolOutcomePayload { Tool = "shell", Content = content }, ProtocolJson.Default.ToolOutcomePayload),
        key,
        "call_1");

    public static NewRecord LeftOut(string tool, string reason) => new(
        RecordKinds.ToolsLeftOut,
        JsonSerializer.SerializeToElement(
            new ToolsLeftOutPayload { Tools = [new LeftOutTool { Tool = tool, Reason = reason }] }, ProtocolJson.Default.ToolsLeftOutPayload));
}
